import { Command } from '../gen/giro/v1/transfer_service.js';

/** Bytes of the command of a single write in a request, or a little more. */
export function commandBytesMax(command: Command): number {
  const plain = command.command?.value.options === undefined;
  return plain ? PLAIN_COMMAND_BYTES_MAX : encodedCommandBytes(command);
}

/** Bytes of a command in a request, or a little more: known of any, but at the price of encoding it. */
export function encodedCommandBytes(command: Command): number {
  return Command.encode(command).finish().length + FRAME_BYTES_MAX;
}

/** A single write without options has one or two ids of 36 bytes, two accounts of at most 18 and three numbers. */
const PLAIN_COMMAND_BYTES_MAX = 200;

/** Tag and length of a command in its request. */
const FRAME_BYTES_MAX = 6;
