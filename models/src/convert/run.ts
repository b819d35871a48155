import type { ConversionStep } from '../manifest-schema.ts';
import { readModel, writeModel } from '../onnx/codec.ts';
import type { OnnxModel } from '../onnx/schema.ts';
import { attendOnce } from './attention-once.ts';
import { foldBatchNorm } from './batchnorm.ts';
import { flushTiny } from './flush-tiny.ts';
import { foldBias } from './fold-bias.ts';
import { constantsToInitializers, removeInitializersFromInputs } from './initializers.ts';
import { setInterface } from './interface.ts';
import { keepChannels } from './keep-channels.ts';
import { raiseOpset } from './opset.ts';
import { upscalePointwise } from './pointwise-upscale.ts';
import { quantize, type Ranges } from './quantize.ts';
import { addTfliteMetadata } from './tflite-metadata.ts';
import { fromTfjs } from './tfjs.ts';
import { takeUint8Rgb } from './uint8-input.ts';

/** A model's files as they were fetched. */
export interface SourceFiles {
  readonly model: Uint8Array;
  /** Where the format keeps them apart. */
  readonly weights?: Uint8Array | undefined;
}

/**
 * Run a manifest's conversion steps, in their order. Pure: the same bytes and steps give the same bytes, which is what
 * lets the manifest pin the result's sha256.
 *
 * @param readRanges gives the content of a calibration file
 * @throws Error naming the step that failed
 */
export function convert(
  source: SourceFiles,
  steps: readonly ConversionStep[],
  readRanges: (file: string) => Ranges,
): Uint8Array {
  const [first, ...others] = steps;
  if (!first) return source.model;
  if (first.step === 'tflite-metadata') return convertTflite(source.model, first, steps);
  const isTfjs = first.step === 'tfjs';
  const model = isTfjs ? convertTfjs(source, first.outputs) : readModel(source.model);
  for (const step of isTfjs ? others : steps) {
    try {
      apply(model, step, readRanges);
    } catch (cause) {
      throw new Error(`step ${step.step}: ${(cause as Error).message}`, { cause });
    }
  }
  return writeModel(model);
}

/** TensorFlow Lite files have one step: nothing here reads their graphs. */
function convertTflite(
  source: Uint8Array,
  step: Extract<ConversionStep, { step: 'tflite-metadata' }>,
  steps: readonly ConversionStep[],
): Uint8Array {
  if (steps.length > 1) throw new Error('step tflite-metadata stands alone');
  try {
    return addTfliteMetadata(source, step);
  } catch (cause) {
    throw new Error(`step tflite-metadata: ${(cause as Error).message}`, { cause });
  }
}

function convertTfjs({ model, weights }: SourceFiles, outputs: readonly string[]): OnnxModel {
  try {
    if (!weights) throw new Error('the source names no file of weights');
    return fromTfjs(model, weights, outputs);
  } catch (cause) {
    throw new Error(`step tfjs: ${(cause as Error).message}`, { cause });
  }
}

function apply(model: OnnxModel, step: ConversionStep, readRanges: (file: string) => Ranges): void {
  switch (step.step) {
    case 'initializers-not-inputs':
      removeInitializersFromInputs(model.graph);
      break;
    case 'constants-to-initializers':
      constantsToInitializers(model.graph);
      break;
    case 'opset':
      raiseOpset(model, step.to);
      break;
    case 'flush-tiny':
      flushTiny(model.graph);
      break;
    case 'attention-once':
      attendOnce(model.graph);
      break;
    case 'fold-bias':
      foldBias(model.graph);
      break;
    case 'pointwise-upscale':
      upscalePointwise(model.graph);
      break;
    case 'fold-batchnorm':
      foldBatchNorm(model.graph);
      break;
    case 'uint8-rgb-input':
      takeUint8Rgb(model.graph, step);
      break;
    case 'interface':
      setInterface(model.graph, step);
      break;
    case 'keep-channels':
      keepChannels(model.graph, step);
      break;
    case 'quantize':
      quantize(model.graph, readRanges(step.ranges), step);
      break;
    case 'tfjs':
      throw new Error('this is the first step of a TensorFlow.js model, or none');
    case 'tflite-metadata':
      throw new Error('this is a step for TensorFlow Lite files, and stands alone');
  }
}
