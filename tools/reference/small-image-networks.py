"""Golden values of small image networks, computed in float64 by torchvision and timm.

    python tools/reference/small-image-networks.py > packages/encoders-image/src/small-networks.golden.json

Needs torch, torchvision and timm. Weights and inputs are filled by the formula of packages/weights/src/formula.ts, so that the
tests need no weight file: the values of a tensor follow from its name in the state dict. Every network sees two images;
training means the statistics of that batch, without dropout and stochastic depth.
"""

import json
import math
import re
from functools import partial

import numpy as np
import timm.models.resnet
import torch
from torch import nn
from torchvision.ops.misc import Conv2dNormActivation
from torchvision.models import convnext, efficientnet, mobilenetv2, mobilenetv3, swin_transformer, vision_transformer

TABLES = re.compile(r"class_token|cls_token|pos_embedding|pos_embed|relative_position_bias_table|embeddings\.")


def unit_values(name, size):
    state = 0x811C9DC5
    for byte in name.encode():
        state = (state ^ byte) * 0x01000193 & 0xFFFFFFFF
    x = (state + np.arange(size, dtype=np.uint64) * 0x9E3779B1) & 0xFFFFFFFF
    for factor, shift in ((0x85EBCA6B, 16), (0xC2B2AE35, 13)):
        x = (x ^ (x >> np.uint64(shift))) * factor & 0xFFFFFFFF
    return (x ^ (x >> np.uint64(16))) / 2.0**32 * 2 - 1


def value_range(name, shape):
    last = name.rsplit(".", 1)[-1]
    if last == "running_mean":
        return 0, 0.1
    if last == "running_var":
        return 1, 0.2
    if "layer_scale" in name:
        return 0.5, 0.1
    if TABLES.search(name):
        return 0, 0.2
    if last == "bias" or name.endswith("_bias"):
        return 0, 0.05
    if len(shape) < 2:
        return 1, 0.1
    return 0, math.sqrt(3 / np.prod(shape[1:]))


def fill(network):
    state = network.state_dict()
    for name, tensor in state.items():
        if tensor.is_floating_point():
            offset, factor = value_range(name, tensor.shape)
            values = (offset + factor * unit_values(name, tensor.numel())).astype(np.float32)
            state[name] = torch.tensor(values.reshape(tuple(tensor.shape))).double()
    network.load_state_dict(state)


def headless(network, head):
    setattr(network, head, nn.Identity())
    return network


def small_resnet():
    block = timm.models.resnet.BasicBlock
    network = timm.models.resnet.ResNet(block, [1, 1, 1, 1], channels=(8, 8, 12, 16), num_classes=0)
    network.conv1 = nn.Conv2d(3, 8, 3, 1, 1, bias=False)  # 64 channels otherwise, whatever is asked for
    network.bn1 = nn.BatchNorm2d(8)
    network.layer1 = nn.Sequential(block(8, 8))
    return network


def small_mobilenet_v2():
    network = mobilenetv2.MobileNetV2(width_mult=0.25, inverted_residual_setting=[[1, 8, 1, 1], [6, 16, 2, 2]])
    network.features[-1] = Conv2dNormActivation(8, 24, kernel_size=1, activation_layer=nn.ReLU6)  # 1280 channels otherwise
    return headless(network, "classifier")


def networks():
    block = mobilenetv3.InvertedResidualConfig
    rows = [block(8, 3, 8, 8, False, "RE", 1, 1, 1), block(8, 5, 24, 16, True, "HS", 2, 1, 1)]
    yield "resnet", small_resnet()
    yield "mobilenet_v3", headless(mobilenetv3.MobileNetV3(rows, 8), "classifier")
    yield "mobilenet_v2", small_mobilenet_v2()
    stages = [efficientnet.MBConvConfig(1, 3, 1, 8, 8, 1), efficientnet.MBConvConfig(4, 5, 2, 8, 8, 2)]
    yield "efficientnet", headless(efficientnet.EfficientNet(stages, 0.0, 0.0, last_channel=24), "classifier")
    sizes = [convnext.CNBlockConfig(8, 16, 1), convnext.CNBlockConfig(16, None, 2)]
    network = convnext.ConvNeXt(sizes, stochastic_depth_prob=0.0)
    network.classifier[2] = nn.Identity()
    yield "convnext", network
    yield "vit", headless(
        vision_transformer.VisionTransformer(32, 8, 2, 2, 16, 32, norm_layer=partial(nn.LayerNorm, eps=1e-6)), "heads"
    )
    yield "swin", headless(
        swin_transformer.SwinTransformer([4, 4], 8, [2, 2], [2, 4], [2, 2], stochastic_depth_prob=0.0), "head"
    )


def rounded(tensor):
    return [float(f"{value:.7g}") for value in tensor.detach().flatten().tolist()]


# Small, yet the last map keeps cells enough for batch norm to measure.
SIDES = {"resnet": 24, "mobilenet_v3": 16, "mobilenet_v2": 16, "efficientnet": 16}


def golden(name, network):
    network.double()
    fill(network)
    side = SIDES.get(name, 32)
    pixels = torch.tensor(unit_values("input", 2 * 3 * side * side) * 1.5).reshape(2, 3, side, side)
    network.eval()
    evaluated = network(pixels)
    network.train()
    trained = network(pixels)
    weights = torch.tensor(unit_values("R", trained.numel())).reshape(trained.shape)
    (trained * weights).mean().backward()
    return {
        "side": side,
        "keys": {n: list(t.shape) for n, t in network.state_dict().items() if t.is_floating_point()},
        "evaluated": rounded(evaluated[:, :16]),
        "trained": rounded(trained[:, :16]),
        "gradientNorms": {name: float(f"{p.grad.norm():.7g}") for name, p in network.named_parameters()},
    }


print(json.dumps({name: golden(name, network) for name, network in networks()}, indent=1))
