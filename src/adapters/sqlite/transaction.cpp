#include <rubricon/sqlite/transaction.hpp>

#include <array>

namespace rubricon::sqlite {

base::Uuid Transaction::make_uuid(base::Time at) {
  std::array<std::uint8_t, 10> random{};
  random_.fill(random);
  return base::Uuid::v7(base::unix_ms(at), random);
}

}  // namespace rubricon::sqlite
