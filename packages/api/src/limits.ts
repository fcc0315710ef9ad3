/** The bounds of the REST API, each with its reason. */

/**
 * Largest request body, inflated: a full batch of 8,192 plain commands takes up to 1.6 MB as compact JSON. With long
 * descriptions and metadata fewer fit.
 */
export const BODY_BYTES_MAX = 2 * 1024 * 1024;

/** Longest cursor: those the bank makes are far shorter. */
export const CURSOR_LENGTH_MAX = 512;

/** Deadline of a request that only reads, in milliseconds: a person waiting for a page gives up about then. */
export const READ_TIMEOUT_MS = 5_000;

/** Deadline of a request that writes: long enough for the bank to turn to another server, and back. */
export const WRITE_TIMEOUT_MS = 15_000;

/**
 * Deadline of a verification that is answered when it is done: the connection is silent until then, for less than
 * {@link SOCKET_TIMEOUT_MS}. As an event stream it has none.
 */
export const VERIFY_TIMEOUT_MS = 60_000;

/** Deadline of the readiness check: below the 3 seconds that the manifests give a probe. */
export const READINESS_TIMEOUT_MS = 2_500;

/** Within which a client has to send a whole request: 2 MiB take this long at 70 kB/s. */
export const RECEIVE_TIMEOUT_MS = 30_000;

/** Within which a client has to send a request's headers; a few kilobytes. */
export const HEADERS_TIMEOUT_MS = 10_000;

/** How long an idle connection is kept: longer than load balancers commonly keep theirs, so that they hang up first. */
export const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Silence after which a connection is cut, whatever it was doing: every deadline above has passed by then. */
export const SOCKET_TIMEOUT_MS = 90_000;

/** Signs of life in an event stream: proxies commonly cut connections that are silent for 60 seconds, some for 30. */
export const HEARTBEAT_INTERVAL_MS = 15_000;

/** How long a client whose event stream ended should wait before it asks again: another API may take over by then. */
export const RECONNECT_AFTER_MS = 1_000;

/**
 * How long a watch goes on while no branch server answers: longer than a failover. Then its client is told, since another
 * API may reach one.
 */
export const WATCH_PATIENCE_MS = 60_000;

/**
 * Most event streams at a time: a watch may hold a page of entries in memory, and a branch server takes 1,000 watches.
 * A client that takes nothing for {@link SOCKET_TIMEOUT_MS} loses its stream.
 */
export const STREAMS_MAX = 500;

/** Most connections at a time; beyond, they are cut at once. Even idle ones take memory and a file descriptor each. */
export const CONNECTIONS_MAX = 4_096;

/**
 * How long requests in flight may take after a stop signal: longer than a write's deadline, shorter than the 20 to 30
 * seconds that launchers and orchestrators wait before they kill.
 */
export const DRAIN_TIMEOUT_MS = 17_000;

/** How long the last spans may take to be sent at a stop: with {@link DRAIN_TIMEOUT_MS}, less than launchers wait. */
export const FLUSH_TIMEOUT_MS = 1_000;

/** How much of the log is gathered before it is written: about twenty requests, so that a write costs each of them little. */
export const LOG_BLOCK_BYTES = 4_096;

/** How long a line of the log may wait to be written: no longer than a person who watches it would notice. */
export const LOG_DELAY_MS = 250;
