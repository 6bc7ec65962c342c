import { awsHandler } from '../_aws/handler.ts';
import { admitStage } from './handler.ts';

export const handler = await awsHandler(admitStage);
