/// The inner side of `Admission`. Internal to this module.
#pragma once

#include <rubricon/socketio_server/connection.hpp>
#include <rubricon/socketio_server/namespace.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace rubricon::socketio_server {

/// The right to answer for one middleware; refuses when it is lost without an answer.
struct Admission::Ticket {
  Ticket(std::shared_ptr<AdmissionProgress> progress_, std::size_t stage_)
      : progress(std::move(progress_)), stage(stage_) {}
  ~Ticket();
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  /// Whether this middleware's answer still counts.
  bool open() const;

  std::shared_ptr<AdmissionProgress> progress;
  std::size_t stage;
};

Admission make_admission(std::shared_ptr<AdmissionProgress> progress);

}  // namespace rubricon::socketio_server
