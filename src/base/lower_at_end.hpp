/// A flag that says that a coroutine runs, and cannot stay up when it has ended, however it ended.
#pragma once

namespace rubricon::base {

class LowerAtEnd {
 public:
  explicit LowerAtEnd(bool& flag) : flag_(flag) {}
  ~LowerAtEnd() { flag_ = false; }
  LowerAtEnd(const LowerAtEnd&) = delete;
  LowerAtEnd& operator=(const LowerAtEnd&) = delete;

 private:
  bool& flag_;
};

}  // namespace rubricon::base
