import { awsHandler } from '../_aws/handler.ts';
import { registerStage } from './handler.ts';

export const handler = await awsHandler(registerStage);
