import * as ort from 'onnxruntime-web/wasm';
import { loadPinned } from '../assets/load.ts';
import type { PinnedFile } from '../assets/index-schema.ts';
import type { Network } from '../../core/index.ts';
import type { DetectorStart } from './start.ts';

/** Loads the WebAssembly runtime. Once per worker, before any network. */
export async function prepareRuntime({ assetsUrl, index, threads }: DetectorStart): Promise<void> {
  const { script, wasm } = index.runtime;
  const bytes = await loadPinned(assetsUrl, wasm);
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.proxy = false;
  // Both are given, so that nothing is looked for on a CDN.
  ort.env.wasm.wasmBinary = bytes.buffer;
  ort.env.wasm.wasmPaths = {
    mjs: new URL(script, assetsUrl).href,
    wasm: new URL(wasm.file, assetsUrl).href,
  };
}

/** A network in WebAssembly. The runtime must be prepared. */
export async function openNetwork(assetsUrl: string, pinned: PinnedFile): Promise<Network> {
  const bytes = await loadPinned(assetsUrl, pinned);
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    // Waiting threads would take the cores that paint and encode.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const [input] = session.inputNames;
  if (input === undefined) throw new TypeError(`${pinned.id} has no input`);
  return {
    stamp: { id: pinned.id, sha256: pinned.sha256 },
    async run(image, shape) {
      const outputs = await session.run({ [input]: new ort.Tensor('uint8', image, [...shape]) });
      return Object.fromEntries(
        Object.entries(outputs).map(([name, tensor]) => [name, floats(name, tensor.data)]),
      );
    },
    close: () => session.release(),
  };
}

function floats(name: string, data: ort.Tensor['data']): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new TypeError(`output ${name} is not float32`);
}
