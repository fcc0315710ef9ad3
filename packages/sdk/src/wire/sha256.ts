import { hash } from 'node:crypto';

/**
 * SHA-256 of bytes, or of a text in UTF-8: 32 bytes. They come by way of a text, since Node.js gives each buffer that it
 * hands out memory of its own: that costs twice as much as the hash.
 */
export function sha256(data: string | Uint8Array): Buffer {
  return Buffer.from(hash('sha256', data, 'binary'), 'binary');
}
