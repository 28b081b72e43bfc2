#include <rubricon/sim/command.hpp>

int main(int argc, char** argv) {
  int exit_code = 0;
  const auto command = rubricon::sim::parse_command(argc, argv, exit_code);
  return command ? rubricon::sim::run_command(*command) : exit_code;
}
