import { awsHandler } from '../_aws/handler.ts';
import { requestStage } from './handler.ts';

export const handler = await awsHandler(requestStage);
