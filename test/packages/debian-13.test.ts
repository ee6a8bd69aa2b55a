import { describePackage } from './describe-package.js';

describePackage(13);
