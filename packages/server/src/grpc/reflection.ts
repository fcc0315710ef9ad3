import { status, type Server, type ServerDuplexStream } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { readDescribedFiles, type DescribedFiles } from './described-files.js';

/** Server reflection, so that tools such as grpcurl can list and call everything without the proto files. */
export function addReflection(server: Server): void {
  const files = readDescribedFiles();
  // The library speaks the protocol in both its versions; what it would answer lacks imports, the presence of optional
  // fields and services without a package, since it goes through protobufjs (grpc/grpc-node#2595).
  new ReflectionService({}).addToServer({
    addService: (definition) => {
      server.addService(definition, {
        ServerReflectionInfo: (stream: ReflectionStream) => {
          answerAll(stream, files);
        },
      });
    },
  });
}

interface ReflectionRequest {
  readonly listServices?: string;
  readonly fileByFilename?: string;
  readonly fileContainingSymbol?: string;
}

type ReflectionStream = ServerDuplexStream<ReflectionRequest, object>;

function answerAll(stream: ReflectionStream, files: DescribedFiles): void {
  stream.on('data', (request: ReflectionRequest) => {
    if (stream.write({ originalRequest: request, ...answer(request, files) })) return;
    // A client that does not read what it asked for is not read from either.
    stream.pause();
    stream.once('drain', () => stream.resume());
  });
  stream.on('end', () => {
    stream.end();
  });
}

function answer(request: ReflectionRequest, files: DescribedFiles): object {
  const { listServices, fileByFilename, fileContainingSymbol } = request;
  if (listServices !== undefined) {
    return { listServicesResponse: { service: files.services.map((name) => ({ name })) } };
  }
  if (fileByFilename !== undefined) return fileAnswer(files.named(fileByFilename));
  if (fileContainingSymbol !== undefined) return fileAnswer(files.declaring(fileContainingSymbol));
  return errorAnswer(status.UNIMPLEMENTED, 'these services have no extensions');
}

function fileAnswer(found: Uint8Array[] | undefined): object {
  return found === undefined
    ? errorAnswer(status.NOT_FOUND, 'no such file or symbol')
    : { fileDescriptorResponse: { fileDescriptorProto: found } };
}

function errorAnswer(errorCode: number, errorMessage: string): object {
  return { errorResponse: { errorCode, errorMessage } };
}
