import * as z from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A path below the assets' folder. */
const file = z.string().regex(/^(?!\/)(?!.*\.\.)[\w.@/-]+$/);
const unit = z.number().min(0).max(1);
const px = z.int().positive();
const size = z.object({ heightPx: px, widthPx: px });
const thresholds = z.object({ inside: z.number(), outside: z.number() });

/** What one file of weights is called in attestations and timelines, and the bytes it must have. */
const weights = z.object({ id: z.string(), file, sha256 });

const fusion = z.object({
  proposalThreshold: unit,
  nonMaximumIou: unit,
  neighbourShare: unit,
  maxProposals: px,
  weights: z.object({
    detectorLogit: z.number(),
    judgeFace: z.number(),
    neighbourFace: z.number(),
  }),
  bias: z.number(),
  sureScore: unit,
  outsideBelow: z.number(),
  thresholds: z.object({ cautious: thresholds, balanced: thresholds }),
});

const turn = z.literal([0, 90, 180, 270]);
/** Short and long side of each look's input, in pixels; how far it is turned clockwise. */
const judgedLooks = z.object({
  looks: z.array(z.tuple([px, px])),
  moreLooks: z.array(
    z.object({ sides: z.tuple([px, px]), turnsDeg: z.array(turn), proposalThreshold: unit }),
  ),
  fusion,
});

/**
 * `index.json` of the edge's assets, written by the set-up from models/manifest.json: what the
 * browser's detectors run, and the bytes that each file must have.
 */
export const assetIndexSchema = z.object({
  schema: z.literal('drape.edge-assets/1'),
  workers: z.object({ frames: file, detector: file }),
  /** ONNX Runtime Web: the script of its WebAssembly module, and the module. */
  runtime: z.object({ script: file, wasm: weights }),
  /** Folder of tasks-vision's WebAssembly. */
  vision: z.object({ folder: file, script: file, wasm: weights }),
  face: z.object({
    detector: weights,
    stridePx: px,
    judge: weights,
    judgeSizePx: px,
    cropShare: z.number().positive(),
    upright: judgedLooks,
    /** Faces that lie or hang: as often as a stream can afford. */
    turned: judgedLooks,
  }),
  head: z.object({
    detector: weights,
    stridePx: px,
    nmsIou: unit,
    steps: z.object({ low: unit, high: unit }),
    sides: z.tuple([px, px]),
  }),
  /** MediaPipe's detectors with their normalization in the metadata. */
  blaze: z.object({
    detectors: z.array(weights).min(1),
    lowScore: unit,
    highScore: unit,
    nmsIou: unit,
  }),
  text: z.object({
    detector: weights,
    largest: size,
    multiplePx: px,
    decode: z.object({
      bitmapThreshold: unit,
      boxThreshold: unit,
      unclipRatio: z.number().positive(),
      minSidePx: z.number().nonnegative(),
    }),
  }),
  code: z.object({ reader: weights }),
});

export type AssetIndex = z.infer<typeof assetIndexSchema>;
export type PinnedFile = z.infer<typeof weights>;
