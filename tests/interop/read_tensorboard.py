#!/usr/bin/env python3
"""Trains a small model with callbacks.TensorBoard, reads the files with real TensorBoard, and prints what it found.

    python -m venv tensorboard-venv && tensorboard-venv/bin/pip install tensorboard setuptools
    cmake --preset release -D XERAS_BUILD_TESTS=ON && cmake --build build/release --target xeras_tensorboard
    tensorboard-venv/bin/python tests/interop/read_tensorboard.py build/release/tests/xeras_tensorboard [LOG_DIR]

Fails if a run, a tag, a table or its labels are missing. TensorBoard checks the checksums as it reads. With LOG_DIR the
files stay: tensorboard --logdir LOG_DIR.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from google.protobuf import text_format
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.plugins.graph import keras_util
from tensorboard.plugins.projector import projector_plugin
from tensorboard.util import tensor_util


def expect(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


def read_run(folder):
    events = event_accumulator.EventAccumulator(str(folder), size_guidance={"tensors": 0})
    events.Reload()
    tags = events.Tags()["tensors"]
    print(f"{folder.name}: {len(tags)} tags")
    for tag in tags:
        values = events.Tensors(tag)
        last = tensor_util.make_ndarray(values[-1].tensor_proto)
        plugin = events.SummaryMetadata(tag).plugin_data.plugin_name
        shown = f"{float(last):.6g}" if plugin == "scalars" else f"shape {last.shape}"
        print(f"  {tag}: {plugin}, {len(values)} steps, last at {values[-1].step}: {shown}")
        if plugin == "histograms":
            expect(last.shape == (30, 3) and (last[:, 0] <= last[:, 1]).all(), f"{tag} is not a histogram")
    return events, tags


def main():
    program = sys.argv[1]
    log_dir = Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
    subprocess.run([program, str(log_dir)], check=True)

    train, tags = read_run(log_dir / "train")
    for tag in ("epoch_loss", "epoch_accuracy", "epoch_learning_rate", "batch_loss", "epoch_steps_per_second"):
        expect(tag in tags, f"train has no {tag}")
    expect(sum(tag.endswith("/histogram") for tag in tags) >= 3, "train has no histograms")
    model = json.loads(bytes(tensor_util.make_ndarray(train.Tensors("keras")[0].tensor_proto).item()))
    graph = keras_util.keras_model_to_graph_def(model)
    print(f"conceptual graph: {', '.join(node.name for node in graph.node)}")
    expect(len(graph.node) > 0, "the conceptual graph is empty")
    operations = train.Graph()
    print(f"graph: {', '.join(f'{node.name} ({node.op})' for node in operations.node)}")
    expect(len(operations.node) > 0, "the graph is empty")

    _, tags = read_run(log_dir / "validation")
    for tag in ("epoch_loss", "evaluation_loss_vs_iterations"):
        expect(tag in tags, f"validation has no {tag}")

    config = projector_plugin.ProjectorConfig()
    text_format.Parse((log_dir / "projector_config.pbtxt").read_text(), config)
    for table in config.embeddings:
        values = projector_plugin._read_tensor_tsv_file(str(log_dir / table.tensor_path))
        labels = (log_dir / table.metadata_path).read_text().splitlines()
        print(f"projector: {table.tensor_name} {values.shape}, {len(labels)} labels: {', '.join(labels[:5])} ...")
        expect(len(labels) == len(values), "rows and labels differ in number")
    print("everything was found")


main()
