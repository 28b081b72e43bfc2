/// The command line: `rubricon serve`, `migrate`, `user add`, `config`.
#pragma once

namespace rubricon::app {

/// Parses, runs, and returns the exit status: 0 done, 1 it failed (one sentence on stderr says
/// why), 2 the command line or the configuration is wrong.
int run_cli(int argc, char** argv);

}  // namespace rubricon::app
