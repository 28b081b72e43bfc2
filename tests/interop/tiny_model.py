"""A model for llama.cpp that says what it was made to say: not trained, but written out, in a blink and two megabytes.

Each token's embedding is a unit vector of its own, attention and feed-forward add nothing, and the output matrix leads
from each token to the one behind it. So the last token alone decides, and what is tested is the server around it. The
last token is the template's: <|design|> where the question has the word 規準 or "rubric", else <|assistant|>."""

import struct
import sys

RUBRIC = ('{"title":"議論文評分規準","language":"zh-TW","kind":"analytic","criteria":['
          '{"id":"new:1","name":"論點","focus":"論點如何？","weight":3,"levels":['
          '{"id":"new:1","name":"優秀","descriptor":"論點完整"},{"id":"new:2","name":"待加強","descriptor":"論點有一部分"}]},'
          '{"id":"new:2","name":"證據","focus":"證據如何？","weight":1,"levels":['
          '{"id":"new:1","name":"優秀","descriptor":"證據完整"},{"id":"new:2","name":"待加強","descriptor":"證據有一部分"}]}]}')
END = '</s>'
CHAINS = [['<|assistant|>', '好的', '，', '這是', '一個', '獨立', '的', '伺服器', '🙂', '。', END],
          ['<|design|>', '為您', '設計', '好了', '：', '\n\n```rubric+json\n', RUBRIC, '\n```\n', END]]
CONTROLS = ['<unk>', '<s>', END, '<|user|>', '<|assistant|>', '<|design|>']
TEMPLATE = ("{{ bos_token }}{% for message in messages %}<|user|>{{ message['content'] }}{% endfor %}"
            "{% if add_generation_prompt %}{% set last = messages[-1]['content'] %}"
            "{% if '規準' in last or 'rubric' in last %}<|design|>{% else %}<|assistant|>{% endif %}{% endif %}")
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6  # kinds of tokens, as SentencePiece numbers them
HEADS = 4
FEED = 32
ALIGNMENT = 32


def vocabulary():
    """What is no word of ours falls apart into bytes."""
    tokens = [(text, UNKNOWN if text == '<unk>' else CONTROL) for text in CONTROLS]
    tokens += [(f'<0x{byte:02X}>', BYTE) for byte in range(256)]
    return tokens + [(word, NORMAL) for chain in CHAINS for word in chain[1:-1]]


def matrix(rows, columns, ones=()):
    values = [0.0] * (rows * columns)
    for row, column, value in ones:
        values[row * columns + column] = value
    return [columns, rows], values


def tensors(names, width):
    """Unit vectors in, and out the way from word to word."""
    size = len(names)
    steps = [(names.index(after), names.index(before), 8.0) for chain in CHAINS for before, after in zip(chain, chain[1:])]
    norm = ([width], [1.0] * width)
    out = {'token_embd': matrix(size, width, [(i, i, 1.0) for i in range(size)]), 'output': matrix(size, width, steps),
           'output_norm': norm, 'blk.0.attn_norm': norm, 'blk.0.ffn_norm': norm}
    out |= {f'blk.0.attn_{part}': matrix(width, width) for part in ('q', 'k', 'v', 'output')}
    out |= {'blk.0.ffn_gate': matrix(FEED, width), 'blk.0.ffn_up': matrix(FEED, width), 'blk.0.ffn_down': matrix(width, FEED)}
    return {f'{name}.weight': tensor for name, tensor in out.items()}


def text(value):
    encoded = value.encode()
    return struct.pack('<Q', len(encoded)) + encoded


# A value of GGUF's: the number of its type, then itself.
def integer(value):
    return struct.pack('<II', 4, value)


def number(value):
    return struct.pack('<If', 6, value)


def boolean(value):
    return struct.pack('<IB', 7, value)


def string(value):
    return struct.pack('<I', 8) + text(value)


def array(kind, items):
    return struct.pack('<IIQ', 9, kind, len(items)) + b''.join(items)


def metadata(tokens, width):
    return {
        'general.architecture': string('llama'), 'general.name': string('independent'),
        'llama.context_length': integer(65536), 'llama.embedding_length': integer(width), 'llama.block_count': integer(1),
        'llama.feed_forward_length': integer(FEED), 'llama.attention.head_count': integer(HEADS),
        'llama.rope.dimension_count': integer(width // HEADS), 'llama.attention.layer_norm_rms_epsilon': number(1e-5),
        'tokenizer.ggml.model': string('llama'), 'tokenizer.ggml.tokens': array(8, [text(token) for token, _ in tokens]),
        'tokenizer.ggml.scores': array(6, [struct.pack('<f', 0)] * len(tokens)),
        'tokenizer.ggml.token_type': array(5, [struct.pack('<i', kind) for _, kind in tokens]),
        'tokenizer.ggml.unknown_token_id': integer(0), 'tokenizer.ggml.bos_token_id': integer(1), 'tokenizer.ggml.eos_token_id': integer(2),
        'tokenizer.ggml.add_bos_token': boolean(False), 'tokenizer.ggml.add_space_prefix': boolean(False),
        'tokenizer.chat_template': string(TEMPLATE)}


def padded(data):
    return data + b'\0' * (-len(data) % ALIGNMENT)


def model():
    tokens = vocabulary()
    width = -(-len(tokens) // 32) * 32
    known, layers = metadata(tokens, width), tensors([token for token, _ in tokens], width)
    head = b'GGUF' + struct.pack('<IQQ', 3, len(layers), len(known))
    head += b''.join(text(key) + value for key, value in known.items())
    data = b''
    for name, (shape, values) in layers.items():
        head += text(name) + struct.pack(f'<I{len(shape)}QIQ', len(shape), *shape, 0, len(data))
        data = padded(data + struct.pack(f'<{len(values)}f', *values))
    return padded(head) + data


with open(sys.argv[1], 'wb') as out:
    out.write(model())
