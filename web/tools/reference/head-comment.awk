# For Doxygen: the comment at the head of a header, which holds formulas, shapes and sources, as the documentation of that file.
# Its first line becomes the brief sentence, the rest stays as it is laid out. Line numbers do not shift. Everything else passes.
BEGIN { head = 1 }
head && /^\/\/( |$)/ {
  text = substr($0, 4)
  line = "/** @file " FILENAME " @brief " text
  opened = 0
  getline next_line
  more = 1
  while (more) {
    if (next_line ~ /^\/\/( |$)/) {
      print line (opened++ ? "" : " @verbatim")
      line = substr(next_line, 4)
      if ((getline next_line) <= 0) { next_line = ""; more = 0 }
    } else more = 0
  }
  print line (opened ? " @endverbatim */" : " */")
  print next_line
  head = 0
  next
}
{ head = 0; print }
