"""llama.cpp's own HTTP server over a model: llama_server.py <model> <context> <key>; its address is the first line."""

import signal
import sys

import xllamacpp

path, context, key = sys.argv[1:]
params = xllamacpp.CommonParams()
params.model.path = path
params.model_alias = {'independent'}
params.port = 0
params.n_ctx = int(context)
params.n_parallel = 1
params.n_threads_http = 4
params.cpuparams.n_threads = 1
params.api_keys = [key]
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
signal.pause()
