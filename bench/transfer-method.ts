import type { MethodDefinition } from '@grpc/grpc-js';
import { TransferRequest, TransferResponse } from '@giro/sdk/protocol';

/** The bank's own call for a transfer, for a peer that speaks plain grpc-js. */
export const transferMethod: MethodDefinition<TransferRequest, TransferResponse> = {
  path: '/giro.v1.TransferService/Transfer',
  requestStream: false,
  responseStream: false,
  requestSerialize: (request) => Buffer.from(TransferRequest.encode(request).finish()),
  requestDeserialize: (bytes) => TransferRequest.decode(bytes),
  responseSerialize: (response) => Buffer.from(TransferResponse.encode(response).finish()),
  responseDeserialize: (bytes) => TransferResponse.decode(bytes),
};
