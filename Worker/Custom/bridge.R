# The R side of HpcFit's custom models: receives a function and the phenotypes once, then calls the function at batches of elements.
# Base R only. The protocol is documented in docs/formats/bridge.md; descriptors 100 and 101 are its two pipes.
local({
    questions <- file("/dev/fd/100", "rb", raw = TRUE)
    answers <- file("/dev/fd/101", "wb", raw = TRUE)
    # Plots are discarded unless the function saves them; warnings are kept until the end, as in a script.
    options(device = function(...) grDevices::pdf(NULL), nwarnings = 50L)

    read_ints <- function(n) readBin(questions, "integer", n, 4L, endian = "little")
    read_int <- function() {
        value <- read_ints(1L)
        if (length(value) == 0L) quit("no", 0L, FALSE) # the worker has closed the pipe
        value
    }
    read_doubles <- function(n) readBin(questions, "double", n, 8L, endian = "little")
    read_texts <- function() {
        n <- read_int()
        missing <- readBin(questions, "raw", n)
        read_int()
        texts <- readBin(questions, "character", n)
        Encoding(texts) <- "UTF-8"
        texts[missing != 0L] <- NA_character_
        texts
    }
    write_ints <- function(x) writeBin(as.integer(x), answers, 4L, endian = "little")
    write_doubles <- function(x) writeBin(as.double(x), answers, 8L, endian = "little")
    write_texts <- function(x) {
        x <- enc2utf8(as.character(x))
        write_ints(length(x))
        writeBin(raw(length(x)), answers)
        write_ints(sum(nchar(x, "bytes") + 1L))
        if (length(x)) writeBin(x, answers)
    }

    read_column <- function(rows) {
        kind <- read_int()
        switch(kind + 1L,
            read_doubles(rows),
            read_ints(rows),
            as.logical(read_ints(rows)),
            read_texts(),
            factor_of(read_texts(), read_ints(rows), "factor"),
            factor_of(read_texts(), read_ints(rows), c("ordered", "factor")))
    }
    factor_of <- function(levels, codes, class) {
        force(levels) # comes first in the pipe, and R would read it last
        structure(codes, levels = levels, class = class)
    }

    # --- the function -----------------------------------------------------------------------------------------------------------------

    # ModelArray re-exports magrittr's pipe, so functions written for it use %>% without loading a package: it is provided if magrittr is installed,
    # with lower precedence than what the file defines or attaches.
    delayedAssign("%>%", tryCatch(getExportedValue("magrittr", "%>%"), error = function(e)
        stop("the function uses %>%, which belongs to the R package magrittr: install it, or write |>", call. = FALSE)), assign.env = attach(NULL, name = "hpcfit:pipe"))

    # The function of that name, or the last one that the file defines.
    load_function <- function(path, text, name) {
        last <- NULL
        for (expression in parse(text = strsplit(text, "\r?\n")[[1L]], keep.source = FALSE, encoding = "UTF-8")) {
            value <- eval(expression, globalenv())
            if (is.function(value) && (!is.call(expression) || is_definition(expression))) last <- value
        }
        if (name == "") {
            if (is.null(last)) stop("it defines no function. Define one of one argument: f <- function(data) { ... }")
            return(last)
        }
        defined <- Filter(function(n) is.function(get(n, globalenv())), ls(globalenv()))
        if (!name %in% defined) stop("it defines no function '", name, "'. Functions it defines: ", paste(defined, collapse = ", "))
        get(name, globalenv())
    }
    is_definition <- function(call) {
        operator <- call[[1L]]
        is.name(operator) && as.character(operator) %in% c("<-", "=", "<<-", "function", "assign")
    }

    # A function of the data alone: the user's, with its further arguments.
    bind_arguments <- function(f, text) {
        arguments <- tryCatch(eval(parse(text = paste0("list(", text, "\n)")), new.env(parent = globalenv())),
            error = function(e) stop("--function-args '", text, "' are not valid R arguments (k = 4, method = \"x\"): ", conditionMessage(e)))
        by_name <- is.primitive(f) || "data" %in% names(formals(f))
        if (length(arguments) == 0L) return(if (by_name && !is.primitive(f)) function(data) f(data = data) else f)
        data <- if (by_name) list(data = quote(data)) else list(quote(data))
        body <- as.call(c(list(f), data, arguments))
        eval(call("function", as.pairlist(alist(data = )), body), globalenv())
    }

    # --- what it returns --------------------------------------------------------------------------------------------------------------

    # The result of the function, as one named vector of doubles.
    flatten <- function(x) {
        if (is.null(x) || length(x) == 0L) stop("it returned nothing; a one-row data frame, a named list or a named vector was expected", call. = FALSE)
        if (is.data.frame(x)) {
            if (nrow(x) != 1L) stop("it returned a data frame of ", nrow(x), " rows; one row was expected", call. = FALSE)
            x <- as.list(x)
        }
        if (is.list(x)) return(flatten_list(x))
        if (!is.numeric(x) && !is.logical(x)) stop("it returned ", class(x)[1L], " (", shown(x), "); numbers were expected", call. = FALSE)
        structure(as.double(x), names = complete_names(names(x), length(x)))
    }
    flatten_list <- function(x) {
        names <- complete_names(names(x), length(x))
        for (i in seq_along(x)) {
            value <- x[[i]]
            if (!is.numeric(value) && !is.logical(value))
                stop("it returned ", class(value)[1L], " (", shown(value), ") as '", names[i], "'; a number was expected", call. = FALSE)
            if (length(value) != 1L) stop("it returned ", length(value), " values as '", names[i], "'; one was expected", call. = FALSE)
        }
        structure(vapply(x, as.double, 0), names = names)
    }
    complete_names <- function(names, n) {
        numbered <- paste0("v", seq_len(n))
        if (is.null(names)) return(numbered)
        unnamed <- is.na(names) | names == ""
        names[unnamed] <- numbered[unnamed]
        if (anyDuplicated(names)) stop("it returned '", names[anyDuplicated(names)], "' twice", call. = FALSE)
        names
    }
    shown <- function(x) {
        text <- tryCatch(paste0('"', paste(format(x)[seq_len(min(3L, length(x)))], collapse = '", "'), '"'), error = function(e) "not to be shown")
        substr(text, 1L, 200L)
    }

    # Values of the run's columns, in their order; a result by source may omit some, which become NaN.
    arrange <- function(x) {
        if (by_source && is.null(names(x)))
            stop("it returned values without names; to make a new scalar they are named by source, as in setNames(x, data$source_file)", call. = FALSE)
        x <- flatten(x)
        at <- match(names(x), columns)
        if (anyNA(at)) stop(mismatch(names(x)), call. = FALSE)
        if (!by_source && length(x) != length(columns)) stop(mismatch(names(x)), call. = FALSE)
        values <- rep(NaN, length(columns))
        values[at] <- x
        values
    }
    mismatch <- function(names) {
        few <- function(x) paste0(paste(x[seq_len(min(8L, length(x)))], collapse = ", "), if (length(x) > 8L) ", ...")
        if (by_source) paste0("it returned values for names that are not a source_file of the cohort: ", few(setdiff(names, columns)))
        else paste0("it returned the columns ", few(names), "; the run's are ", few(columns))
    }

    # --- elements ---------------------------------------------------------------------------------------------------------------------

    # The data frame of an element: the phenotypes and the scalars of the subjects that are finite in all of them.
    frame_of <- function(values, complete) {
        if (complete) {
            frame <- phenotypes
            if (scalars == 1L) frame[[width + 1L]] <- values
            else for (j in seq_len(scalars)) frame[[width + j]] <- values[((j - 1L) * rows + 1L):(j * rows)]
            attributes(frame) <- whole
            return(frame)
        }
        dim(values) <- c(rows, scalars)
        finite <- which(if (scalars == 1L) is.finite(values) else rowSums(is.finite(values)) == scalars)
        if (!identical(finite, held_rows)) {
            held <<- lapply(phenotypes, take, finite)
            held_rows <<- finite
        }
        frame <- held
        for (j in seq_len(scalars)) frame[[width + j]] <- values[finite, j]
        attributes(frame) <- list(names = whole$names, class = "data.frame", row.names = .set_row_names(length(finite)))
        frame
    }
    take <- function(column, at) {
        part <- .subset(column, at)
        if (!is.null(attributes(column))) attributes(part) <- attributes(column)
        part
    }
    held <- NULL
    held_rows <- NULL
    columns <- NULL

    # Naming the kinds costs four times as much as seeding, so it is done only if the function has changed them (10403 encodes all three).
    seed_with <- function(seed) {
        if (identical(globalenv()[[".Random.seed"]][1L], 10403L)) set.seed(seed)
        else set.seed(seed, "Mersenne-Twister", "Inversion", "Rejection")
    }

    # Calls the function at elements of a batch until one fails; returns its index and the message.
    call_from <- function(first, count, seeds, complete, values) {
        i <- first
        failure <- tryCatch({
            while (i <= count) {
                frame <- frame_of(values[, i], complete[i] != 0L)
                seed_with(seeds[i])
                answer <- f(frame)
                result[, i] <<- if (is.double(answer) && identical(names(answer), columns)) answer else arrange(answer)
                i <- i + 1L
            }
            NULL
        }, error = identity)
        if (is.null(failure)) NULL else list(at = i, message = conditionMessage(failure))
    }
    result <- NULL

    fit <- function() {
        count <- read_int()
        seeds <- read_ints(count)
        complete <- read_ints(count)
        values <- read_doubles(count * scalars * rows)
        dim(values) <- c(scalars * rows, count)
        failed <- integer(count)
        messages <- character()
        result <<- matrix(NaN, length(columns), count)
        first <- 1L
        while (first <= count) {
            stop_at <- call_from(first, count, seeds, complete, values)
            if (is.null(stop_at)) break
            failed[stop_at$at] <- 1L
            messages <- c(messages, stop_at$message)
            first <- stop_at$at + 1L
        }
        write_ints(failed)
        write_doubles(result)
        write_texts(messages)
    }

    learn <- function() {
        read_int()
        seed <- read_int()
        complete <- read_int()
        values <- read_doubles(scalars * rows)
        answer <- tryCatch({
            frame <- frame_of(values, complete != 0L)
            seed_with(seed)
            answer <- f(frame)
            if (by_source) {
                columns <<- sources
                structure(arrange(answer), names = columns)
            } else flatten(answer)
        }, error = identity)
        if (inherits(answer, "error")) {
            write_ints(1L)
            write_texts(conditionMessage(answer))
        } else {
            write_ints(0L)
            write_texts(names(answer))
            write_doubles(answer)
        }
    }

    # --- the protocol -----------------------------------------------------------------------------------------------------------------

    definition <- read_texts() # path, folder, text, function name, arguments
    by_source <- read_int() != 0L
    rows <- read_int()
    width <- read_int()
    phenotypes <- list()
    for (i in seq_len(width)) {
        name <- read_texts()
        phenotypes[[name]] <- read_column(rows)
    }
    scalar_names <- read_texts()
    scalars <- length(scalar_names)
    whole <- list(names = c(names(phenotypes), scalar_names), class = "data.frame", row.names = .set_row_names(rows))
    sources <- as.character(phenotypes$source_file)

    f <- tryCatch(bind_arguments(load_function(definition[1L], definition[3L], definition[4L]), definition[5L]), error = identity)
    if (inherits(f, "error")) {
        write_ints(1L)
        write_texts(conditionMessage(f))
        flush(answers)
        quit("no", 1L, FALSE)
    }
    write_ints(0L)
    write_texts(paste0(R.version.string, ", collation ", Sys.getlocale("LC_COLLATE")))
    flush(answers)

    for (step in c("frame_of", "seed_with", "call_from", "fit", "arrange", "flatten")) assign(step, compiler::cmpfun(get(step)))
    repeat {
        switch(read_int(), fit(), learn(), columns <- read_texts(), stop("the worker asked for something unknown"))
        flush(answers)
    }
})
