"""The CenterFace graph as a trainable PyTorch module: the nodes of the repaired ONNX file, run one by one.

Trained weights are written back into the same graph, so that import and export are each other's inverse.
"""

import onnx
import torch
from onnx import helper, numpy_helper
from torch import nn
from torch.nn import functional

from .centerface import REPAIRED


def _attributes(node: onnx.NodeProto) -> dict:
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


class CenterFace(nn.Module):
    """Input float [n, 3, h, w] RGB 0..255, sides multiples of 32; output heatmap logits, scale, offset at stride 4."""

    OUTPUTS = ("heatmap", "scale", "offset")

    def __init__(self) -> None:
        super().__init__()
        self.proto = onnx.load(str(REPAIRED))
        self.names: dict[str, str] = {}
        for tensor in self.proto.graph.initializer:
            self.names[tensor.name] = tensor.name.replace(".", "_")
            value = torch.from_numpy(numpy_helper.to_array(tensor).copy())
            setattr(self, "w_" + self.names[tensor.name], nn.Parameter(value))
        self.nodes = [(n.op_type, list(n.input), n.output[0], _attributes(n)) for n in self.proto.graph.node]
        wanted = set(self.OUTPUTS)
        kept = []
        for op, inputs, output, attributes in reversed(self.nodes):
            if output in wanted:
                kept.append((op, inputs, output, attributes))
                wanted.update(inputs)
        self.nodes = kept[::-1]

    def weight(self, name: str) -> nn.Parameter:
        return getattr(self, "w_" + self.names[name])

    def convolutions(self) -> list[list[nn.Parameter]]:
        ops = [n for n in self.nodes if n[0] in ("Conv", "ConvTranspose")]
        return [[self.weight(name) for name in inputs[1:]] for _, inputs, _, _ in ops]

    def freeze_first(self, count: int) -> None:
        for parameters in self.convolutions()[:count]:
            for parameter in parameters:
                parameter.requires_grad_(False)

    def forward(self, image: torch.Tensor) -> dict[str, torch.Tensor]:
        values = {"image": image}
        for op, inputs, output, attributes in self.nodes:
            if op in ("Conv", "ConvTranspose"):
                kernel = self.weight(inputs[1])
                bias = self.weight(inputs[2]) if len(inputs) > 2 else None
                strides, pads = attributes.get("strides", [1, 1]), attributes.get("pads", [0] * 4)
                run = functional.conv2d if op == "Conv" else functional.conv_transpose2d
                group = attributes.get("group", 1)
                values[output] = run(values[inputs[0]], kernel, bias, strides, pads[:2], groups=group)
            elif op == "Relu":
                values[output] = torch.relu(values[inputs[0]])
            elif op == "Add":
                values[output] = values[inputs[0]] + values[inputs[1]]
            elif op == "Sigmoid":
                values[output] = values[inputs[0]]  # The loss wants logits; the exported graph keeps its Sigmoid.
            else:
                raise SystemExit(f"The detector's graph has an operator that is not known here: {op}.")
        return {name: values[name] for name in self.OUTPUTS}

    def exported(self) -> onnx.ModelProto:
        """The graph with uint8 input (the cast is inside) and without landmarks."""
        graph = self.proto.graph
        used = {name for _, inputs, _, _ in self.nodes for name in inputs}
        tensors = [
            numpy_helper.from_array(self.weight(t.name).detach().numpy(), t.name)
            for t in graph.initializer
            if t.name in used
        ]
        outputs = {output for _, _, output, _ in self.nodes}
        nodes = [helper.make_node("Cast", ["image"], ["pixels"], to=onnx.TensorProto.FLOAT)]
        for node in graph.node:
            if node.output[0] in outputs:
                copy = onnx.NodeProto()
                copy.CopyFrom(node)
                for i, name in enumerate(copy.input):
                    copy.input[i] = "pixels" if name == "image" else name
                nodes.append(copy)
        value, sides = helper.make_tensor_value_info, {"heatmap": 1, "scale": 2, "offset": 2}
        made = helper.make_graph(
            nodes,
            "drape-face",
            [value("image", onnx.TensorProto.UINT8, ["batch", 3, "height", "width"])],
            [value(n, onnx.TensorProto.FLOAT, ["batch", c, "rows", "columns"]) for n, c in sides.items()],
            tensors,
        )
        model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        onnx.checker.check_model(model)
        return model
