import { awsHandler } from '../_aws/handler.ts';
import { haltStage } from './handler.ts';

export const handler = await awsHandler(haltStage);
