/// The query of the two event routes.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/net/http_types.hpp>
#include <rubricon/ports/event_store.hpp>

namespace rubricon::api {

/// `?after=&limit=`: after ≥ 0, by default 0; limit 1..500, by default 100.
base::Result<ports::EventQuery> read_event_query(const net::HttpHead& head,
                                                 const domain::StreamId& stream);

}  // namespace rubricon::api
