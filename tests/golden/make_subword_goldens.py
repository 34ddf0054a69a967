#!/usr/bin/env python3
"""Makes tokenizers/subwords.json for text/subword_golden_test.cpp, with Hugging Face's tokenizers 0.23.3 and sentencepiece
0.2.3.

    python3 -m venv venv && venv/bin/pip install 'tokenizers==0.23.*' 'sentencepiece==0.2.3'
    venv/bin/python tests/golden/make_subword_goldens.py

It trains small models on TRAIN. A case is {"name", "kind", "options", "texts", "ids", "decoded"} with "vocabulary" and
"merges", or with "proto" (base64).
"""

import base64
import io
import json
import tempfile
from pathlib import Path

import sentencepiece
import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

TRAIN = [
    "The quick brown fox jumps over the lazy dog. The dog doesn't care, and the fox won't stop!",
    "A tokenizer turns texts into tokens; tokenizing the tokens again gives the same tokens.",
    "Der schnelle braune Fuchs springt über den faulen Hund, größer und schöner als je zuvor.",
    "El zorro marrón salta sobre el perro perezoso: ¿qué pasó después? ¡Nada, señor!",
    "Żółty lis skacze nad leniwym psem. 2024 was 365 + 1 days; 1999 was not.",
    "Быстрая лиса прыгает через собаку. 日本語のテキストも少し。 中文字符",
] * 3
TEXTS = TRAIN[:6] + [
    "", " ", "  ", "a", " a", "a ", "\n", "a\n\nb", "tabs\t\tand   spaces  ", "don't we'll I'd they're 've 's", "''s 'S",
    "İstanbul ΑΣ ΣΑΣ Ǆ ß ﬁ", "café café naïve Å Å q̣̇", "abc123def 1234567 ½ Ⅷ ٣",
    "emoji 😀👍🏽 flags 🇩🇪 zwj 👩‍👩‍👧", "nul\x00 bell\x07 vt\x0b nel\x85 zwsp\u200b bom\ufeff shy\xad repl\ufffd",
    "nbsp\xa0em\u2003ideographic\u3000line\u2028end", "<|endoftext|>The end<|endoftext|><|endoftext|> x", "[CLS] fox [SEP][MASK] [cls]",
    "中文字符and日本語mixed한국어", "x" * 120, "fox" * 40, "!!!???...---", "a_b-c/d\\e@f#g$h%i^j&k*l", "‘quotes’ “double” «guillemets» — dash…",
    "▁under▁lined", "<0x41> <unk> <s> </s>", "ab<sep>cd <sep> fox",
]


def byte_pair():
    model = tokenizers.Tokenizer(models.BPE())
    model.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    model.train_from_iterator(TRAIN, trainers.BpeTrainer(
        vocab_size=420, special_tokens=["<|endoftext|>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    model.decoder = decoders.ByteLevel()
    with tempfile.TemporaryDirectory() as folder:
        model.model.save(folder)
        vocabulary = json.loads((Path(folder) / "vocab.json").read_text())
        merges = (Path(folder) / "merges.txt").read_text().splitlines()[1:]
    for adds_space in (False, True):
        model.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=adds_space)
        ids = [model.encode(text).ids for text in TEXTS]
        yield {"name": f"byte_pair, add_prefix_space = {adds_space}", "kind": "byte_pair", "vocabulary": vocabulary,
               "merges": merges,
               "options": {"add_prefix_space": adds_space, "unsplittable_tokens": ["<|endoftext|>"]},
               "ids": ids, "decoded": [model.decode(one, skip_special_tokens=False) for one in ids]}


def word_piece():
    special = ["[CLS]", "[SEP]", "[MASK]"]
    for lowercase, strips, cjk in ((True, True, True), (False, False, False), (True, False, True)):
        model = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
        model.normalizer = normalizers.BertNormalizer(lowercase=lowercase, strip_accents=strips, handle_chinese_chars=cjk)
        model.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        model.train_from_iterator(TRAIN, trainers.WordPieceTrainer(
            vocab_size=300, special_tokens=["[PAD]", "[UNK]", *special], show_progress=False))
        model.decoder = decoders.WordPiece(cleanup=False)
        vocabulary = [model.id_to_token(i) for i in range(model.get_vocab_size())]
        ids = [model.encode(text).ids for text in TEXTS]
        yield {"name": f"word_piece, lowercase = {lowercase}, strip_accents = {strips}, split_on_cjk = {cjk}",
               "kind": "word_piece", "vocabulary": vocabulary,
               "options": {"lowercase": lowercase, "strip_accents": strips, "split_on_cjk": cjk,
                           "special_tokens": special, "special_tokens_in_strings": True},
               "ids": ids, "decoded": [model.decode(one, skip_special_tokens=False) for one in ids]}


def sentence_piece():
    # Rules from code points to code points: quotes, ligatures, full width letters, no-break space, soft hyphen; and a
    # letter with its accent.
    rules = "2018\t27\n2019\t27\nFB01\t66 69\nFF21\t41\nA0\t20\nAD\t\n9\t20\nA\t20\n65 301\tE9\n1F600\t3A 2D 29\n"
    with tempfile.TemporaryDirectory() as folder:
        tsv = Path(folder) / "rules.tsv"
        tsv.write_text(rules)
        for name, options, extra in (
                ("unigram", {"vocab_size": 180, "normalization_rule_tsv": str(tsv)}, {"add_bos": True, "add_eos": True}),
                ("unigram as it is", {"vocab_size": 430, "normalization_rule_name": "identity", "byte_fallback": True,
                                      "user_defined_symbols": "<sep>,fox", "remove_extra_whitespaces": False,
                                      "add_dummy_prefix": False}, {}),
                ("bpe", {"vocab_size": 200, "model_type": "bpe", "normalization_rule_name": "identity",
                         "user_defined_symbols": "<sep>,fox"}, {}),
                ("bpe with bytes", {"vocab_size": 430, "model_type": "bpe", "normalization_rule_tsv": str(tsv),
                                    "byte_fallback": True, "treat_whitespace_as_suffix": True}, {"add_bos": True}),
                ("bpe across words", {"vocab_size": 220, "model_type": "bpe", "normalization_rule_name": "identity",
                                      "split_by_whitespace": False, "remove_extra_whitespaces": False}, {}),
                ("char", {"vocab_size": 60, "model_type": "char", "normalization_rule_name": "identity"}, {}),
                ("word", {"vocab_size": 60, "model_type": "word", "normalization_rule_name": "identity"}, {})):
            writer = io.BytesIO()
            sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(TRAIN), model_writer=writer, minloglevel=2,
                                                     hard_vocab_limit=False, num_threads=1, **options)
            model = sentencepiece.SentencePieceProcessor(model_proto=writer.getvalue())
            ids = [model.encode(text, **extra) for text in TEXTS]
            yield {"name": f"sentence_piece, {name}", "kind": "sentence_piece", "options": extra,
                   "proto": base64.b64encode(writer.getvalue()).decode(), "ids": ids,
                   "decoded": [model.decode(one) for one in ids]}


cases = [*byte_pair(), *word_piece(), *sentence_piece()]
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
path = Path(__file__).resolve().parent / "tokenizers" / "subwords.json"
path.write_text(f'{{"tokenizers": "{tokenizers.__version__}", "sentencepiece": "{sentencepiece.__version__}", '
                f'"texts": {json.dumps(TEXTS)}, "cases": [\n{lines}\n]}}\n')
print(path.stat().st_size)
