/// `db partitions`: the quarters of messages and events on PostgreSQL, also while servers run.
#pragma once

#include <rubricon/app/config.hpp>

#include <string>

namespace rubricon::app {

/// All return the status of the command; what is refused is thrown in words for people.
int list_partitions(const Config& config);
int ensure_partitions(const Config& config);
int detach_partition(const Config& config, const std::string& name);
/// Into `folder`, which is `archive` in the data folder where it is empty.
int archive_partition(const Config& config, const std::string& name, const std::string& folder);
int restore_partition(const Config& config, const std::string& file_or_name);

}  // namespace rubricon::app
