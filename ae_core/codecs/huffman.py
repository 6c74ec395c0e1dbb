"""Entropy coding: frequent bytes get short words, by zlib's Huffman coder."""

import zlib


def huffman_encode(content: bytes) -> bytes:
    """The bytes in Huffman code alone: there are no repetitions in codes that a search would find.

    A byte may be a part of a number, or hold several.
    """
    coder = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_HUFFMAN_ONLY)
    return coder.compress(content) + coder.flush()


def huffman_decode(squeezed: bytes, size: int) -> bytes:
    """What `huffman_encode` was given, of which the size is known; `ValueError` over anything else.

    Never makes more than `size` bytes, whatever the input claims.
    """
    decoder = zlib.decompressobj()
    try:
        content = decoder.decompress(squeezed, size + 1)  # max_length of 0 would be no bound
    except zlib.error as error:
        raise ValueError("These bytes are no Huffman code.") from error
    if len(content) != size or not decoder.eof or decoder.unused_data:
        raise ValueError("These bytes hold something else than expected.")
    return content
