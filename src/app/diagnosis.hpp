/// What is to be thought of what was seen: pure, so that every case has a test.
#pragma once

#include <rubricon/app/config.hpp>
#include <rubricon/app/finding.hpp>
#include <rubricon/postgres/condition.hpp>
#include <rubricon/rabbitmq/topology.hpp>
#include <rubricon/redis/condition.hpp>
#include <rubricon/sqlite/condition.hpp>

#include <cstdint>
#include <optional>
#include <span>

namespace rubricon::app {

/// Contradictions that are no errors, such as a page that no browser may use.
Findings diagnose(const Config& config);
/// A folder for data.
Findings diagnose_space(std::uintmax_t bytes_free);
Findings diagnose(const sqlite::Condition& seen);
Findings diagnose(const postgres::Condition& seen);
Findings diagnose(const postgres::ReplicaCondition& seen);
Findings diagnose(std::span<const rabbitmq::TopologyItem> seen);
Findings diagnose(const std::optional<redis::Condition>& seen);

}  // namespace rubricon::app
