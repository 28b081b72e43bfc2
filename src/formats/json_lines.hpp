/// JSON that people may have to edit: two blanks a level, decimals as they are written by hand.
#pragma once

#include <rubricon/domain/rubric.hpp>

#include <boost/json.hpp>

#include <string>

namespace rubricon::formats {

std::string json_lines(const boost::json::value& value);

/// 25, 12.5.
boost::json::value json_number(domain::Amount amount);

}  // namespace rubricon::formats
