/// How a machine is driven: inputs go in, the actions that come out are performed in order.
/// Internal to this module.
#pragma once

#include <cstddef>
#include <utility>

namespace rubricon::socketio_server {

/// Performing an action may make further inputs (a handler that sends). Their actions queue behind
/// those that are still to be performed, so that order is kept and nothing nests.
template <typename Actions>
class ActionLoop {
 public:
  bool running() const { return running_ != nullptr; }

  /// `input(actions)` feeds the machine, `perform(action)` does what it asks. False when called
  /// from `perform`: the call that runs already performs these, too. The owner stays alive and in
  /// place until a call that returns true has done so.
  template <typename Input, typename Perform>
  bool run(Input input, Perform perform) {
    if (running_ != nullptr) {
      input(*running_);
      return false;
    }
    Actions actions;
    running_ = &actions;
    input(actions);
    for (std::size_t i = 0; i < actions.size(); ++i) {
      auto action = std::move(actions[i]);
      perform(action);
    }
    running_ = nullptr;
    return true;
  }

 private:
  Actions* running_ = nullptr;
};

}  // namespace rubricon::socketio_server
