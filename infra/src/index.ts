export type { ApiSecurity, ApiTls } from './api-security.js';
export { GiroApi } from './giro-api.js';
export type { GiroApiProps } from './giro-api.js';
export { GiroServer } from './giro-server.js';
export type { BooksVolume, GiroServerProps } from './giro-server.js';
export type { ContainerSize } from './container-size.js';
export type { Autoscaling } from './autoscaler.js';
export type { SecretKey } from './secret-key.js';
export type { ServerSecurity, ServerTls } from './server-security.js';
