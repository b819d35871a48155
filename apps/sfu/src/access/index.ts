export { openAccess, type Access, type Ending, type Grant, type Issued } from './access.ts';
export { clientAddress } from './address.ts';
export { PerMinute } from './limits.ts';
export { linkFor } from './links.ts';
