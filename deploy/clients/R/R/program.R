# Finding and running the program hpcfit.

hpcfit_program <- function() {
  named <- Sys.getenv("HPCFIT")
  if (nzchar(named)) {
    program <- if (dir.exists(named)) file.path(named, "hpcfit") else named
    if (file.access(program, 1L) != 0L || dir.exists(program)) {
      fail(sprintf("HPCFIT is '%s', which is neither the program hpcfit nor a folder that contains it.", named))
    }
    return(program)
  }
  found <- unname(Sys.which("hpcfit"))
  if (!nzchar(found)) {
    fail("The program hpcfit was not found in PATH. Set the environment variable HPCFIT to the program or to its folder.")
  }
  found
}

# An error of class hpcfit_error, whose call is not shown: the text is the program's, or one that the user can act on.
fail <- function(text, exit_code = NA_integer_) {
  stop(structure(class = c("hpcfit_error", "error", "condition"), list(message = text, call = NULL, exit_code = exit_code)))
}

# Runs the program and returns the lines of its standard output. If R is interrupted, the program is asked to end, which keeps finished
# elements, and is waited for. With progress, its messages are shown while it runs.
run_program <- function(arguments, progress = FALSE) {
  folder <- tempfile("hpcfit-")
  dir.create(folder)
  files <- file.path(folder, c(output = "output", errors = "errors", pid = "pid", code = "code"))
  names(files) <- c("output", "errors", "pid", "code")
  start_program(arguments, files, progress)
  ended <- FALSE
  on.exit({
    if (!ended) end_program(files)
    unlink(folder, recursive = TRUE)
  })
  shown <- 0L
  while (!has_ended(files)) {
    Sys.sleep(0.05)
    if (progress) shown <- show_lines(files[["errors"]], shown)
  }
  ended <- TRUE
  if (progress) show_lines(files[["errors"]], shown)
  code <- as.integer(readLines(files[["code"]]))
  if (code != 0L) fail(error_text(lines_of(files[["errors"]]), code), code)
  lines_of(files[["output"]])
}

# The shell records the process id and the exit code; R itself cannot both wait for a process and be interrupted.
start_program <- function(arguments, files, progress) {
  level <- if (arguments[[1L]] == "run") c("--log-level", if (progress) "info" else "error")
  command <- paste(shQuote(c(hpcfit_program(), arguments, level)), collapse = " ")
  script <- sprintf(
    "%s </dev/null >%s 2>%s & echo $! >%s; wait $!; echo $? >%s.new; mv %s.new %s",
    command, shQuote(files[["output"]]), shQuote(files[["errors"]]), shQuote(files[["pid"]]),
    shQuote(files[["code"]]), shQuote(files[["code"]]), shQuote(files[["code"]])
  )
  system2("sh", c("-c", shQuote(script)), wait = FALSE, env = "DOTNET_EnableDiagnostics=0")
}

has_ended <- function(files) file.exists(files[["code"]])

end_program <- function(files) {
  while (!file.exists(files[["pid"]]) || length(pid <- lines_of(files[["pid"]])) == 0L) Sys.sleep(0.01)
  tools::pskill(as.integer(pid), tools::SIGTERM)
  while (!has_ended(files)) Sys.sleep(0.05)
}

lines_of <- function(file) {
  if (!file.exists(file)) return(character())
  readLines(file, warn = FALSE, encoding = "UTF-8")
}

show_lines <- function(file, shown) {
  lines <- lines_of(file)
  for (line in lines[seq_along(lines) > shown]) message(line)
  length(lines)
}

# The program's error: from the line that is marked as an error on; all lines if none is marked.
error_text <- function(lines, code) {
  first <- c(which(startsWith(lines, "ERR ")), 1L)[[1L]]
  text <- paste(sub("^ERR ", "", lines[seq_along(lines) >= first]), collapse = "\n")
  if (nzchar(text)) text else sprintf("hpcfit ended with exit code %d and no message.", code)
}
