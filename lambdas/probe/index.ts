import { awsHandler } from '../_aws/handler.ts';
import { probeStage } from './handler.ts';

export const handler = await awsHandler(probeStage);
