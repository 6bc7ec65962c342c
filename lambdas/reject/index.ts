import { awsHandler } from '../_aws/handler.ts';
import { rejectStage } from './handler.ts';

export const handler = await awsHandler(rejectStage);
