"""The models of workloads.cpp in PyTorch, for pytorch_workloads.py and onnx_workloads.py."""

import torch
from torch import nn


class Recurrent(nn.Module):
    def __init__(self, layer=nn.LSTM, vocabulary=20_000):
        super().__init__()
        self.embedding, self.layer = nn.Embedding(vocabulary, 128), layer(128, 128, batch_first=True)
        self.out = nn.Linear(128, 1)

    def forward(self, ids):
        return self.out(self.layer(self.embedding(ids))[0][:, -1]).squeeze(1)


class PackedRecurrent(Recurrent):
    """Skips padding, as a masked LSTM does."""

    def forward(self, ids):
        packed = nn.utils.rnn.pack_padded_sequence(self.embedding(ids), (ids != 0).sum(1), batch_first=True,
                                                   enforce_sorted=False)
        return self.out(self.layer(packed)[1][0][-1]).squeeze(1)


class Mean(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embedding, self.out = nn.Embedding(vocabulary, 50), nn.Linear(50, 1)

    def forward(self, ids):
        return self.out(self.embedding(ids).mean(1)).squeeze(1)


class SparseMean(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embedding, self.out = nn.EmbeddingBag(vocabulary, 50, mode="mean", sparse=True), nn.Linear(50, 1)

    def forward(self, ids):
        return self.out(self.embedding(ids)).squeeze(1)


class Bidirectional(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.out = nn.Embedding(20_000, 64), nn.Linear(128, 1)
        self.layer = nn.LSTM(64, 64, batch_first=True, bidirectional=True)

    def forward(self, ids):
        forward, backward = self.layer(self.embedding(ids))[1][0]
        return self.out(torch.cat((forward, backward), 1)).squeeze(1)


class Convolution(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.filters = nn.Embedding(5000, 50), nn.Conv1d(50, 250, 3)
        self.hidden, self.out = nn.Linear(250, 250), nn.Linear(250, 1)

    def forward(self, ids):
        largest = torch.relu(self.filters(self.embedding(ids).transpose(1, 2))).amax(2)
        return self.out(torch.relu(self.hidden(largest))).squeeze(1)


PREDICTED = {"lstm": Recurrent, "conv": Convolution, "bilstm": Bidirectional}  # the names in measure.predictions
