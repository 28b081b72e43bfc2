/// What a message says on its way through the broker. An event is one JSON object,
///
///     {"v":1,"stream":"chat:<uuid>","epoch":1,"seq":7,"type":"message-created",
///      "at":"2026-11-22T21:48:35.123Z","audience":["<uuid>"],"trace":"00-…","data":"{…}"}
///
/// in a line (JSON Lines), and a message has as many lines as were committed together, within
/// bounds: the broker's work is by message. `data` is a string, so that clients get the very text
/// that was stored; `trace`, a traceparent, may be missing. A job is `{"v":1,"job":"<uuid>"}`.
/// Readers skip members that they do not know and refuse any other version.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/domain/event.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::rabbitmq {

/// A rubric of 64 KiB, every byte of it escaped twice, fits.
inline constexpr std::size_t body_bytes_max = 1024 * 1024;

/// Lines of a message at most, and bytes beyond which no line is added to one.
inline constexpr std::size_t lines_max = 64;
inline constexpr std::size_t bytes_enough = 64 * 1024;

/// A line, without its end. Throws std::length_error where it would be larger than readers accept.
std::string encode_event(const domain::Event& event);
/// Whatever it returns can be sent on to clients: the data is a JSON object, ids and numbers are in
/// their bounds. A traceparent that is none is dropped. Errors never repeat what was read.
base::Result<domain::Event> decode_event(std::string_view line);

/// The lines, in their order, in as few bodies as the bounds allow.
std::vector<std::string> join_lines(std::vector<std::string> lines);
/// The lines of a body, at most `lines_max`; one, where it is empty. They live as long as it does.
base::Result<std::vector<std::string_view>> split_lines(std::string_view body);

std::string encode_job(domain::JobId job);
base::Result<domain::JobId> decode_job(std::string_view body);

}  // namespace rubricon::rabbitmq
