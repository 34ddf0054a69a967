#!/usr/bin/env python3
"""The prediction workloads of workloads.cpp in ONNX Runtime, with exported PyTorch models; the same names, options and
output.

    onnx_workloads.py [--threads N] [--seconds S] [NAME...]

Only W5-... and predict-... are here, since ONNX Runtime is for prediction. A model is exported for its batch size; one
exported for any batch size takes as long.
"""

import io
import logging
import multiprocessing
import sys
import warnings

import measure

options = measure.read_options(__doc__.splitlines()[0])


def skip(error):
    sys.exit(f"onnx_workloads.py: skipped: {error}. Use a Python that has onnxruntime, torch and onnxscript.")


try:
    import numpy  # noqa: E402, reads its threads as it is loaded
    import onnxruntime  # noqa: E402
except ImportError as error:
    skip(error)

stopwatch = measure.Stopwatch(options, "ONNX Runtime " + onnxruntime.__version__)


def export(kind, ids):
    """Returns the bytes of an ONNX model, and the predictions of PyTorch."""
    import torch
    from pytorch_models import PREDICTED

    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    torch.manual_seed(1)
    model, ids, file = PREDICTED[kind]().eval(), torch.from_numpy(ids), io.BytesIO()
    torch.onnx.export(model, (ids,), file, verbose=False)
    with torch.no_grad():
        return file.getvalue(), model(ids).numpy()


def predict(name, kind, ids, inner):
    ids = numpy.array(ids, "int64")
    try:
        # The export runs in a separate process, so that its memory and threads do not count for ONNX Runtime.
        with multiprocessing.get_context("fork").Pool(1) as pool:
            model, expected = pool.apply(export, (kind, ids))
    except ImportError as error:
        skip(error)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads, settings.inter_op_num_threads = options.threads, 1
    settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(model, settings, providers=["CPUExecutionProvider"])
    inputs = {session.get_inputs()[0].name: ids}
    if not numpy.allclose(session.run(None, inputs)[0], expected, atol=1e-4):
        sys.exit(f"{name}: ONNX Runtime predicts other values than PyTorch; expected the same within 1e-4")
    stopwatch.time(name, lambda: session.run(None, inputs), inner)


stopwatch.run(measure.predictions(predict))
