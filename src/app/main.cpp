#include <rubricon/app/cli.hpp>

int main(int argc, char** argv) {
  return rubricon::app::run_cli(argc, argv);
}
