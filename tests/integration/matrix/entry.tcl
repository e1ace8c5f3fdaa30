# A Tk program to be dictated into: an entry whose text is always in the file named on the command line, before its window's title.

set path [lindex $argv 0]
wm title . [lindex $argv 1]
pack [entry .entry -textvariable text -width 60]

proc save {args} {
    set file [open $::path.part w]
    fconfigure $file -encoding utf-8 -translation lf
    puts -nonewline $file $::text
    close $file
    file rename -force $::path.part $::path
}

trace add variable text write save
bind .entry <FocusIn> save
focus .entry
