/// How a listening socket comes to its end without a reset for anybody. Internal to net.
///
/// Whoever closes a listening socket resets the connections that wait in it to be accepted, and
/// some of them already carry a request: a proxy cannot know whether it was begun, and tells its
/// client 502. So newcomers are kept out first, those who are in are accepted, and then it is
/// closed.
#pragma once

namespace rubricon::net {

/// From now on the kernel lets no new connection begin at the listening socket `fd`: SYNs are
/// dropped, and what had begun can still be completed and accepted. Whoever knocks meanwhile knocks
/// again after a second, and is refused once the socket is closed; a proxy asks the next server.
/// Does nothing where the system knows no such filter.
void keep_newcomers_out(int fd);

}  // namespace rubricon::net
