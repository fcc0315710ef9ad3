/**
 * The PostgreSQL that comes along.
 *
 * @packageDocumentation
 */
export { EmbeddedPostgresError, type EmbeddedPostgresReason } from './embedded/error.js';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresLogger,
  type EmbeddedPostgresOptions,
} from './embedded/start.js';
export { removeEmbeddedPostgres } from './embedded/remove.js';
