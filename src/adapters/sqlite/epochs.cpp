#include <rubricon/sqlite/epochs.hpp>

namespace rubricon::sqlite {

base::Task<std::int64_t> Epochs::begin_new(base::Deadline deadline) {
  return perform<std::int64_t, Transaction>(&writer_, deadline, [](Transaction& transaction) {
    return transaction.db.run("UPDATE chats SET epoch = epoch + 1") +
           transaction.db.run("UPDATE users SET epoch = epoch + 1");
  });
}

}  // namespace rubricon::sqlite
