import { awsHandler } from '../_aws/handler.ts';
import { rereadStage } from './handler.ts';

export const handler = await awsHandler(rereadStage);
