#!/usr/bin/python3
"""Makes read-csv.json in this folder from R's own answers (R 4.2.2):   LC_ALL=C.UTF-8 tests/Shared/Cohort/golden/make.py

cells: one field beside a "3" in its column; tables: whole files. Each with the names, types and values that read.csv gives.
"""
import json, os, subprocess, tempfile

CELLS = """nan +nan -nan NaN NAN nAn inf +inf -inf Inf INF infinity Infinity infinit 0x1p3 0x1P3 0x.8p1 0x1.8p-2 0xA 0xag -0x10 +0x10 0x 0x1p 0x1p+ 0x1.
1e5 1E5 1e+05 1e 1e+ 1E- 1d5 1D5 1L 1. 0.5. .5 . + - +.5 -.5e-3 007 -0 1e400 -1e400 1e-400 2147483647 2147483648 -2147483647 -2147483648 9007199254740993
12345678901234567890 1_000 TRUE T true True FALSE F false NA <NA> n/a na #N/A 1e5L 1i 1% $1 (1) '1' 1f 0b1 --5 1e5.5 1.5e3 0x1.p1 NA_real_ Na 1.e5 .e5 e5 0e0
00 0X1F 0x1e5 1e308 1.7976931348623159e308 infx nan(1) +NaN -NaN +NA -NA 2020-01-02 12:30 1/2 1,5 11,49""".split() + [
    "", " ", "  ", " 1 ", "1 ", " 1", "\t1", "1\t", "\u00a01", " NA", "NA ", " nan ", "1 2", "1e 5", "+ 5", "- 1", " TRUE", "TRUE "]

TABLES = {
    "quotes": 'a,b\n"x ""y"", z",1\n"p\nq",2\n', "quoted numbers": 'a,b\n"1",1\n"2",2\n', "quoted blanks": 'a,b\n" 1 ",1\n"2",2\n', "quoted NA": 'a,b\n"NA",1\n"2",2\n',
    "quoted NA of texts": 'a,b\n"NA",1\n"x",2\n', "single quotes": "a,b\n'x,1\nz,2\n", "no comments": 'a,b\n#x,1\nz,2 # c\n', "byte order mark": '\ufeffa,b\nx,1\nz,2\n',
    "CRLF": 'a,b\r\nx,1\r\nz,2\r\n', "CR": 'a,b\rx,1\rz,2\r', "mixed line ends": 'a,b\r\nx,1\nz,2\r\n', "no last line end": 'a,b\nx,1\nz,2', "empty lines": '\n\na,b\n\nx,1\n\n\nz,2\n\n',
    "row of separators": 'a,b\nx,1\n,\nz,2\n', "separators at all ends": 'a,b,\nx,1,\nz,2,\n', "header one short": 'a,b\n1,x,1\n2,z,2\n', "header one short, quoted": '"a","b"\n"1","x",1\n"2","z",2\n',
    "header one short, texts": 'a,b\ns1,x,1\ns2,z,\n', "first name empty": ',a,b\n1,x,1\n2,z,2\n', "first name empty, quoted": '"","a","b"\n"1","x",1\n"2","z",2\n',
    "blanks around names": ' a , b\nx,1\nz,2\n', "blanks in quoted names": '" a "," b"\nx,1\nz,2\n', "blanks around quoted names": ' "a" , "b c"\nx,1\nz,2\n', "tabs around names": '\ta\t,b\nx,1\nz,2\n',
    "blanks in names": 'a b, c d \nx,1\nz,2\n', "equal names": 'a,a,a\n1,2,3\n4,5,6\n', "equal names 2": 'a,a.1,a\n1,2,3\n4,5,6\n', "equal but for blanks": 'a, a\n1,2\n3,4\n', "empty names": 'a,,\n1,2,3\n4,5,6\n',
    "names NA": 'NA,TRUE,if\n1,2,3\n4,5,6\n', "line break in a name": '"a\nb",c\n1,2\n4,5\n', "other separators": 'a;b\nx;1\nz;2\n', "blanks of texts": 'a,b\n x,1\nx ,2\n', "empty texts": 'a,b\n,1\nx,2\n',
    "nothing but blanks": 'a,b\n,1\n,2\n', "logical": 'a,b,c\nT,1,TRUE\nF,2,FALSE\nNA,3,T\n,4,F\n', "small logical": 'a,b,c\ntrue,1,T\nfalse,2,true\n', "leading zeros": 'a,b\n001,1\n010,x2\n',
    "long numbers": 'a,b\n90071992547409931,1\n90071992547409932,2147483648\n', "dates": 'a,b\n2020-01-02,1\n2020-02-03,2\n', "NaN among numbers": 'a,b\nnan,1\n-inf,0x1p3\n5,NaN\n',
    "accents": 'é,b\nü,1\n日本,2\n',
}

R = r'''
one <- function(f) { d <- read.csv(f)
  for (i in seq_along(d)) { v <- d[[i]]
    t <- if (is.character(v)) ifelse(is.na(v), "NULL", paste0("=", enc2utf8(v))) else ifelse(is.na(v), "NULL", sprintf("=%.17g", as.numeric(v)))
    writeBin(charToRaw(paste0(paste(c(names(d)[i], if (is.complex(v)) "character" else class(v), if (is.complex(v)) "complex" else t), collapse = "\x01"), "\x02")), out) }
  writeBin(charToRaw("\x03"), out) }
out <- file(commandArgs(TRUE)[1], "wb"); for (f in commandArgs(TRUE)[-1]) one(f); close(out)
'''

def answers(texts):
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for i, text in enumerate(texts):
            files.append(f"{folder}/{i:03}.csv")
            open(files[-1], "w", encoding="utf-8", newline="").write(text)
        open(f"{folder}/r.R", "w").write(R)
        subprocess.run(["Rscript", f"{folder}/r.R", f"{folder}/out", *files], check=True, stderr=subprocess.DEVNULL)
        tables = open(f"{folder}/out", "rb").read().decode().split("\x03")[:-1]
    def column(text):
        name, kind, *values = text.split("\x01")
        return {"name": name, "type": kind, "values": None if values == ["complex"] else [None if v == "NULL" else v[1:] for v in values]}
    return [[column(c) for c in table.split("\x02")[:-1]] for table in tables]

def cell_table(cell): return "a,b\nx," + ('"' + cell + '"' if "," in cell else cell) + "\ny,3\n"

cells = [{"cell": cell, "type": columns[1]["type"], "value": columns[1]["values"][0] if columns[1]["values"] else cell} for cell, columns in zip(CELLS, answers(map(cell_table, CELLS)))]
tables = [{"title": title, "text": text, "columns": columns} for (title, text), columns in zip(TABLES.items(), answers(TABLES.values()))]
with open(os.path.join(os.path.dirname(__file__), "read-csv.json"), "w", encoding="utf-8") as f:
    f.write('{"cells": [\n' + ",\n".join(json.dumps(c) for c in cells) + '\n],\n"tables": [\n' + ",\n".join(json.dumps(t) for t in tables) + "\n]}\n")
