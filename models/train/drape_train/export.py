"""Writes the ONNX files that the project ships, checks them against PyTorch, times fp32 against int8.

    python -m drape_train.export [judge|head|view ...]
"""

import hashlib
import sys
import time

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn

from .centerface import session
from .judge_augment import centre
from .judge_net import MEAN, SPREAD, Judge, Residual
from .manifest import pin, write_least_inside
from .paths import CACHE, WEIGHTS
from .view_data import SIDE
from .view_measure import least_inside
from .view_train import FINAL as VIEW


class Graph:
    """Collects nodes and weights; every call returns the name of what it made."""

    def __init__(self) -> None:
        self.nodes: list = []
        self.weights: list = []

    def weight(self, value: np.ndarray) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
        return name

    def node(self, op: str, *inputs: str, output: str | None = None, **attributes) -> str:
        output = output or f"{op.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [output], **attributes))
        return output

    def convolution(self, x: str, pair: nn.Sequential, active: bool) -> str:
        """Convolution with its batch norm folded in."""
        conv, norm = pair[0], pair[1]
        gain = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach().numpy()
        kernel = conv.weight.detach().numpy() * gain[:, None, None, None]
        bias = norm.bias.detach().numpy() - norm.running_mean.numpy() * gain
        attributes = {"kernel_shape": [3, 3], "strides": list(conv.stride), "pads": [1, 1, 1, 1]}
        y = self.node("Conv", x, self.weight(kernel), self.weight(bias), **attributes)
        return self.node("Relu", y) if active else y


def judge_graph(model: Judge, name: str = "crops", side: int = 64, outputs: int = 2) -> onnx.ModelProto:
    """The judge's network on squares of `side` pixels, with the first `outputs` of its logits."""
    graph = Graph()
    x = graph.node("Cast", name, to=onnx.TensorProto.FLOAT)
    x = graph.node("Sub", x, graph.weight(MEAN))
    x = graph.node("Mul", x, graph.weight(1 / SPREAD))
    for part in model.body:
        if isinstance(part, Residual):
            inner = graph.convolution(graph.convolution(x, part.first, True), part.second, False)
            x = graph.node("Relu", graph.node("Add", x, inner))
        else:
            x = graph.convolution(x, part, True)
    both = graph.node("Concat", graph.node("GlobalAveragePool", x), graph.node("GlobalMaxPool", x), axis=1)
    flat = graph.node("Flatten", both, axis=1)
    weight, bias = (graph.weight(v.detach().numpy()[:outputs]) for v in (model.head.weight, model.head.bias))
    graph.node("Gemm", flat, weight, bias, output="logits", transB=1)
    value = helper.make_tensor_value_info
    made = helper.make_graph(
        graph.nodes,
        "drape-judge",
        [value(name, onnx.TensorProto.UINT8, ["count", 3, side, side])],
        [value("logits", onnx.TensorProto.FLOAT, ["count", outputs])],
        graph.weights,
    )
    result = helper.make_model(made, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(result)
    return result


class Fed(CalibrationDataReader):
    def __init__(self, name: str, batches: list[np.ndarray]) -> None:
        self.feeds = iter([{name: b} for b in batches])

    def get_next(self):
        return next(self.feeds, None)


def quantized(source, target, name: str, batches: list[np.ndarray]) -> None:
    prepared = CACHE / "quantize.onnx"
    quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    quantize_static(
        str(prepared),
        str(target),
        Fed(name, batches),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        reduce_range=True,  # Processors without VNNI saturate at 8-bit weights.
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["Conv", "Add"],
    )


def best_ms(path, feed: dict, runs: int = 15) -> float:
    """The quickest of `runs` on one thread: the machine may be busy."""
    one, times = session(path), []
    for _ in range(runs):
        start = time.perf_counter()
        one.run(None, feed)
        times.append(1000 * (time.perf_counter() - start))
    return min(times)


def sha256(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def export_judge() -> None:
    model = Judge()
    model.load_state_dict(torch.load(CACHE / "judge-turned.pt", weights_only=True))
    model.eval()
    target = WEIGHTS / "face-judge.onnx"
    onnx.save(judge_graph(model), str(target))
    with np.load(CACHE / "crops-base.npz") as shelf:
        rows, crops = shelf["rows"], shelf["crops"]
    train = np.where(rows[:, 2] == 0)[0]
    chosen = np.random.default_rng(5).choice(train, 768, replace=len(train) < 768)
    images = np.ascontiguousarray(centre(crops[np.sort(chosen)]).transpose(0, 3, 1, 2))
    batches = np.split(images, 12)
    plain = session(target).run(None, {"crops": batches[0]})[0]
    with torch.no_grad():
        wanted = model(torch.from_numpy(batches[0]).float()).numpy()
    print(f"judge: largest difference to PyTorch {np.abs(plain - wanted).max():.1e}")
    small = WEIGHTS / "face-judge-int8.onnx"
    quantized(target, small, "crops", batches)
    coarse = session(small).run(None, {"crops": batches[0]})[0]
    print(f"int8: largest difference {np.abs(coarse - wanted).max():.2f}, mean {np.abs(coarse - wanted).mean():.3f}")
    pin("face-judge", sha256(small))
    feed = {"crops": batches[0]}
    for path in (target, small):
        print(f"{path.name} {path.stat().st_size} bytes {best_ms(path, feed) / 64:.3f} ms a crop sha256 {sha256(path)}")


def export_head() -> None:
    target = WEIGHTS / "head-centerface.onnx"
    target.write_bytes((CACHE / "head.onnx").read_bytes())
    pin("head-centerface", sha256(target))
    spent = best_ms(target, {"image": np.zeros((1, 3, 384, 640), np.uint8)})
    print(f"{target.name} {target.stat().st_size} bytes {spent:.1f} ms at 384x640 sha256 {sha256(target)}")


def export_view() -> None:
    """The gate in fp32: its threshold is a matter of tenths of a logit, and it costs a few milliseconds a look."""
    model = Judge()
    model.load_state_dict(torch.load(VIEW, weights_only=True))
    model.eval()
    target = WEIGHTS / "view-gate.onnx"
    onnx.save(judge_graph(model, "image", SIDE, 1), str(target))
    probe = np.random.default_rng(8).integers(0, 256, (4, 3, SIDE, SIDE)).astype(np.uint8)
    with torch.no_grad():
        wanted = model(torch.from_numpy(probe).float()).numpy()[:, :1]
    made = session(target).run(None, {"image": probe})[0]
    print(f"view: largest difference to PyTorch {np.abs(made - wanted).max():.1e}")
    pin("view-gate", sha256(target))
    write_least_inside(*least_inside(target))
    spent = best_ms(target, {"image": probe[:1]})
    print(f"{target.name} {target.stat().st_size} bytes {spent:.1f} ms a picture sha256 {sha256(target)}")


def main() -> None:
    wanted = sys.argv[1:] or ["judge", "head", "view"]
    if "judge" in wanted:
        export_judge()
    if "head" in wanted:
        export_head()
    if "view" in wanted:
        export_view()


if __name__ == "__main__":
    main()
