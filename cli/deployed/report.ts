import type { Target } from '../globals.ts';
import type { Answer } from '../output/output.ts';
import { reportAnswer } from '../report/answer.ts';
import { noSuchReport, readReports, reportsAbout } from '../report/reports.ts';
import { useDeployment } from './use-deployment.ts';

/** The decisions a deployed pipeline came to. Throws UsageError when there is none about the experiment. */
export function deployedReport(target: Target, experiment: string | undefined): Promise<Answer> {
    return useDeployment(target, async ({ blobs, uriOf }) => {
        const all = await readReports(blobs, uriOf);
        const reports = reportsAbout(all, experiment);
        if (reports.length === 0) throw noSuchReport(all, experiment);
        return reportAnswer(reports);
    });
}
