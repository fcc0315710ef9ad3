import { credentials, experimental, type ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';
import { ANSWER_BYTES_MAX, MESSAGE_BYTES_MAX } from '../limits.js';
import type { Tls } from './tls.js';
import type { Token } from './token.js';

/** How to speak to every server. */
export interface ChannelSettings {
  /** Undefined for plaintext. */
  readonly tls: Tls | undefined;
  readonly token: Token;
}

export function channelCredentials({ tls }: ChannelSettings): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  const { ca, cert, key, changing } = tls;
  if (changing === undefined) return credentials.createSsl(ca, key, cert);
  const identity = cert === undefined ? null : changing;
  return experimental.createCertificateProviderChannelCredentials(changing, identity);
}

/** @param serverName - whom the server's certificate is to name, unless the settings say it */
export function channelOptions({ tls }: ChannelSettings, serverName: string | undefined): ChannelOptions {
  const name = tls?.serverName ?? serverName;
  if (tls === undefined || name === undefined) return OPTIONS;
  return { ...OPTIONS, 'grpc.ssl_target_name_override': name, 'grpc.default_authority': name };
}

const OPTIONS: ChannelOptions = {
  // Retries are ours alone, so that they are counted, can be aborted, and never repeat a write without an id.
  'grpc.enable_retries': 0,
  // Nor may a TXT record of the servers' domain bring others in.
  'grpc.service_config_disable_resolution': 1,
  'grpc.max_send_message_length': MESSAGE_BYTES_MAX,
  'grpc.max_receive_message_length': ANSWER_BYTES_MAX,
  // A peer that vanished without a word is noticed within 40 s.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // A server that is back is found within two seconds; the default lets the pause grow to two minutes.
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 2_000,
  // A restarted pod has a new address; the default looks again after 30 s at the earliest.
  'grpc.dns_min_time_between_resolutions_ms': 2_000,
};
