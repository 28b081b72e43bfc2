#include <rubricon/socketio/packet.hpp>

#include <gtest/gtest.h>

namespace rubricon::socketio {
namespace {

// Goal: reference 2.3, the six names, and names that look like them but are free.
TEST(Packet, reserves_the_names_of_the_protocol) {
  for (const char* name : {"connect", "connect_error", "disconnect", "disconnecting", "newListener",
                           "removeListener"}) {
    EXPECT_TRUE(is_reserved_event(name)) << name;
  }
  for (const char* name : {"connection", "error", "message", "", "Connect"}) {
    EXPECT_FALSE(is_reserved_event(name)) << name;
  }
}

}  // namespace
}  // namespace rubricon::socketio
