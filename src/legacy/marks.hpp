/// Ids here for ids of the old system, which were texts of any shape.
#pragma once

#include <rubricon/ports/imports.hpp>

#include <string_view>

namespace rubricon::legacy {

/// The first bits of SHA-256 over the table and the id, as bits of a UUIDv7. The same in every run;
/// two ids of a table get the same once in 2⁷⁴.
ports::ImportMark mark_for(std::string_view table, std::string_view id);

}  // namespace rubricon::legacy
